using Metrix.Emulator.Store;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Http;

/// <summary>Takes in-app events: reads, judges, keeps, answers, in this order.</summary>
internal sealed class EventEndpoint(Validator validator, Script script, EventStore store, CancellationToken stopping)
{
    public async Task HandleAsync(HttpContext context, RequestTarget target)
    {
        var request = await RequestReader.ReadAsync(context, target).ConfigureAwait(false);
        var verdict = validator.Judge(request, context.Request.Method);
        var answer = script.Answer(request, context.Request.Method, ref verdict);

        // Kept before it is answered: a client that has its answer finds the event.
        Keep(request, verdict, answer);

        if (answer is not null)
            await ScriptedAnswer.SendAsync(context, answer, stopping).ConfigureAwait(false);
        else if (verdict.IsValid)
            await context.AcceptAsync().ConfigureAwait(false);
        else
            await RefuseAsync(context, verdict.Problem).ConfigureAwait(false);
    }

    private void Keep(ReceivedRequest request, Verdict verdict, EmulatedAnswer? answer)
    {
        if (!verdict.IsValid)
            Reject(answer?.StatusCode ?? verdict.Problem.Status, verdict.Problem.Reason, verdict.Problem.Field);
        else if (answer is { StatusCode: >= 300 and var status })
            Reject(status, $"{nameof(MetrixEmulatorOptions.Answer)} had it answered {status}", null);
        else
            store.Accept(verdict.Event);

        void Reject(int status, string reason, string? field) =>
            store.Reject(new RejectedRequest(request, status, reason, field));
    }

    private static Task RefuseAsync(HttpContext context, Problem problem)
    {
        if (problem.Status == StatusCodes.Status405MethodNotAllowed) context.Response.Headers.Allow = HttpMethods.Post;
        return context.RefuseAsync(problem);
    }
}
