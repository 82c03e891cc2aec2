using System.Globalization;
using Metrix.Emulator.Http;
using Metrix.Emulator.Validation;

namespace Metrix.Emulator.Endpoints;

/// <summary>Creates the answer that a fault gives instead of the emulator's own.</summary>
internal static class FaultResponse
{
    public static EmulatorResponse Create(EmulatorFault fault, ValidationResult result)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (fault.RetryAfter is { } wait)
            headers["Retry-After"] = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);

        var body = "";
        if (fault.StatusCode is null)
        {
            headers["Content-Type"] = JsonAnswer.ContentType;
            body = result.IsValid ? JsonAnswer.Accepted : JsonAnswer.Describe(result.Problem);
        }

        return new EmulatorResponse(fault.StatusCode ?? result.Problem?.Status ?? 200)
        {
            Delay = fault.Delay,
            NeverAnswer = fault.NeverAnswer,
            CloseConnection = fault.CloseConnection,
            Headers = headers,
            Body = body,
        };
    }
}
