using System.Globalization;
using Metrix.Emulator.Http;
using Metrix.Emulator.Validation;

namespace Metrix.Emulator.Faults;

/// <summary>What a fault makes of the answer that a request would have had.</summary>
internal static class FaultAnswer
{
    public static EmulatorResponse Of(EmulatorFault fault, ValidationResult verdict)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (fault.RetryAfter is { } wait)
            headers["Retry-After"] = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);

        var body = "";
        if (fault.StatusCode is null)
        {
            headers["Content-Type"] = JsonAnswer.ContentType;
            body = verdict.IsValid ? JsonAnswer.Ok : JsonAnswer.Text(verdict.Problem);
        }

        return new EmulatorResponse(fault.StatusCode ?? verdict.Problem?.Status ?? 200)
        {
            Delay = fault.Delay,
            NeverAnswer = fault.NeverAnswer,
            CloseConnection = fault.CloseConnection,
            Headers = headers,
            Body = body,
        };
    }
}
