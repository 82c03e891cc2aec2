using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Http;

/// <summary>Asks <see cref="MetrixEmulatorOptions.Answer"/> what to answer to an in-app event.</summary>
internal sealed class AnswerDelegate(Func<EmulatorRequest, EmulatorResponse?>? answer, KeyMask mask)
{
    /// <summary>The answer to give instead of the verdict's; a failure to give one becomes the verdict.</summary>
    public EmulatorResponse? Answer(EmulatorRequest request, string method, ref ValidationResult verdict)
    {
        if (answer is null || request.AppId.Length == 0 || !HttpMethods.IsPost(method)) return null;
        try
        {
            return answer(request);
        }
        catch (Exception failure)
        {
            // Somebody else's code, most likely an assertion: its author finds it among the rejected requests.
            var reason = $"{nameof(MetrixEmulatorOptions.Answer)} threw {failure.GetType().Name}: {failure.Message}";
            verdict = new(null, mask.Hide(request, new Problem(500, reason)));
            return null;
        }
    }
}
