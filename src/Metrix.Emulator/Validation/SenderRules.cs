using System.Collections.Frozen;
using System.Net;
using Metrix.Emulator.Http;

namespace Metrix.Emulator.Validation;

/// <summary>
/// Checks the path, the method, the client address, the app and the dev-key. It does not read the body.
/// </summary>
internal sealed class SenderRules(FrozenDictionary<string, string> apps, FrozenSet<IPAddress> allowedAddresses)
{
    private const string Authorization = "Authorization";

    /// <summary>Returns the first problem, or <see langword="null"/> if the sender may send.</summary>
    public Problem? Check(EmulatorRequest request) =>
        CheckRoute(request) ?? CheckAddress(request) ?? CheckApp(request) ?? CheckKey(request);

    private static Problem? CheckRoute(EmulatorRequest request) => request.AppId switch
    {
        "" => new(404, "no such path; send events with POST to /inappevent/{appId}"),
        _ when request.Method != "POST" => new(405, $"the method is {request.Method}; send events with POST"),
        _ => null,
    };

    private Problem? CheckAddress(EmulatorRequest request) =>
        allowedAddresses.Count == 0 || allowedAddresses.Contains(request.RemoteAddress)
            ? null
            : new(403, $"the address {request.RemoteAddress} is not in the allow list");

    private Problem? CheckApp(EmulatorRequest request) =>
        apps.Count == 0 || apps.ContainsKey(request.AppId)
            ? null
            : new(404, $"the app \"{request.AppId}\" is unknown");

    private Problem? CheckKey(EmulatorRequest request)
    {
        var values = request.HeaderValues(Authorization).ToArray();
        if (values.Length > 1) return Unauthorized("the request has more than one Authorization header");
        if (values.Length == 0) return Unauthorized("the Authorization header is missing; send the app's dev-key");
        if (values[0].Length == 0) return Unauthorized("the Authorization header is empty; send the app's dev-key");

        var acceptsAnyKey = apps.Count == 0;
        if (!acceptsAnyKey && values[0] == apps[request.AppId]) return null;
        if (values[0].AsSpan().ContainsAny(' ', '\t'))
            return Unauthorized("the Authorization header is not a bare dev-key; send the key without a scheme");

        if (acceptsAnyKey) return null;
        var owner = apps.FirstOrDefault(app => app.Value == values[0]).Key;
        return Unauthorized(owner is null
            ? $"the dev-key does not match the app \"{request.AppId}\""
            : $"the dev-key belongs to the app \"{owner}\", not to \"{request.AppId}\"");
    }

    private static Problem Unauthorized(string reason) => new(401, reason, Authorization);
}
