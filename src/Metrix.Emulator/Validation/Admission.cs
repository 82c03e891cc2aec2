namespace Metrix.Emulator.Validation;

/// <summary>Who sends, where to and with which key: all that is decided without a look at the body.</summary>
internal sealed class Admission(EmulatorSettings settings)
{
    private const string Authorization = "Authorization";

    /// <summary>The first problem, or <see langword="null"/> when the sender may send.</summary>
    public Problem? Check(EmulatorRequest request, string method) =>
        Route(request, method) ?? Sender(request) ?? App(request) ?? Key(request);

    private static Problem? Route(EmulatorRequest request, string method) => request.AppId switch
    {
        "" => new(404, "there is nothing at this path: events go to POST /inappevent/{appId}"),
        _ when method != "POST" => new(405, $"the method is {method}: events are sent with POST"),
        _ => null,
    };

    private Problem? Sender(EmulatorRequest request) =>
        settings.AllowedAddresses.Count == 0 || settings.AllowedAddresses.Contains(request.RemoteAddress)
            ? null
            : new(403, $"the address {request.RemoteAddress} is not in the allow list");

    private Problem? App(EmulatorRequest request) =>
        settings.Apps.Count == 0 || settings.Apps.ContainsKey(request.AppId)
            ? null
            : new(404, $"there is no app \"{request.AppId}\"");

    private Problem? Key(EmulatorRequest request)
    {
        var values = request.HeaderValues(Authorization).ToArray();
        if (values.Length > 1) return Unauthorized("there is more than one Authorization header");
        if (values.Length == 0) return Unauthorized("the Authorization header is missing: it is the app's dev-key");
        if (values[0].Length == 0) return Unauthorized("the Authorization header is empty: it is the app's dev-key");

        var isAnyKeyTaken = settings.Apps.Count == 0;
        if (!isAnyKeyTaken && values[0] == settings.Apps[request.AppId]) return null;
        if (values[0].AsSpan().ContainsAny(' ', '\t'))
            return Unauthorized("the Authorization header is more than the dev-key: no scheme word before the key");

        if (isAnyKeyTaken) return null;
        var owner = settings.Apps.FirstOrDefault(app => app.Value == values[0]).Key;
        return Unauthorized(owner is null
            ? $"the dev-key is not that of the app \"{request.AppId}\""
            : $"the dev-key is that of the app \"{owner}\", not of \"{request.AppId}\"");
    }

    private static Problem Unauthorized(string reason) => new(401, reason, Authorization);
}
