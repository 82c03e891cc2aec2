using Metrix.Emulator.Http;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Endpoints;

/// <summary>Calls <see cref="MetrixEmulatorOptions.Answer"/> for in-app events.</summary>
internal sealed class AnswerDelegate(Func<EmulatorRequest, EmulatorResponse?>? answer, KeyMask mask)
{
    /// <summary>
    /// Returns the answer that replaces the emulator's own. If the delegate throws, the failure replaces the result.
    /// </summary>
    public EmulatorResponse? Invoke(EmulatorRequest request, ref ValidationResult result)
    {
        if (answer is null || request.AppId.Length == 0 || !HttpMethods.IsPost(request.Method)) return null;
        try
        {
            return answer(request);
        }
        catch (Exception failure)
        {
            // User code threw, most likely an assertion of a test. Its author finds it among the rejected requests.
            var reason = $"{nameof(MetrixEmulatorOptions.Answer)} threw {failure.GetType().Name}: {failure.Message}";
            result = new(null, mask.Hide(request, new Problem(500, reason)));
            return null;
        }
    }
}
