using Metrix.Emulator.Faults;
using Metrix.Emulator.Store;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Http;

/// <summary>Takes in-app events: reads, judges, keeps, answers, in this order.</summary>
internal sealed class EventEndpoint(
    Validator validator, FaultPlan faults, AnswerDelegate script, EventStore store, CancellationToken stopping)
{
    public async Task HandleAsync(HttpContext context, RequestTarget target)
    {
        var request = await RequestReader.ReadAsync(context, target).ConfigureAwait(false);
        var verdict = validator.Judge(request, context.Request.Method);
        var fault = Fault(request, context.Request.Method, verdict);
        var answer = fault is null
            ? script.Answer(request, context.Request.Method, ref verdict)
            : FaultAnswer.Of(fault, verdict);
        request.Answer = answer;

        // Kept before it is answered: a client that has its answer finds the event.
        Keep(request, verdict, answer, fault is null ? nameof(MetrixEmulatorOptions.Answer) : "a fault");

        if (answer is not null)
            await EmulatorResponseWriter.SendAsync(context, answer, stopping).ConfigureAwait(false);
        else if (verdict.IsValid)
            await context.AcceptAsync().ConfigureAwait(false);
        else
            await RefuseAsync(context, verdict.Problem).ConfigureAwait(false);
    }

    // Only what would reach the vendor's own code: a path that is none is refused as ever.
    private EmulatorFault? Fault(EmulatorRequest request, string method, ValidationResult verdict) =>
        request.AppId.Length == 0 || !HttpMethods.IsPost(method)
            ? null
            : faults.Take(
                request.AppId, () => verdict.Event?.EventSlug ?? RequestFields.Of(request).Text("eventSlug"));

    private void Keep(EmulatorRequest request, ValidationResult verdict, EmulatorResponse? answer, string answeredBy)
    {
        if (!verdict.IsValid)
        {
            var (status, reason, field) = verdict.Problem;
            store.Reject(new(
                request, answer?.StatusCode ?? status, reason, field, Advice.For(status, field), isByFault: false));
        }
        else if (answer is { StatusCode: >= 300 and var status })
        {
            var reason = $"{answeredBy} had it answered {status}";
            store.Reject(new(request, status, reason, null, Advice.ForFault, isByFault: true));
        }
        else
        {
            store.Accept(verdict.Event);
        }
    }

    private static Task RefuseAsync(HttpContext context, Problem problem)
    {
        if (problem.Status == StatusCodes.Status405MethodNotAllowed) context.Response.Headers.Allow = HttpMethods.Post;
        return context.RefuseAsync(problem);
    }
}
