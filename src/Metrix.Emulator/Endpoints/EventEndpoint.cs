using Metrix.Emulator.Faults;
using Metrix.Emulator.Http;
using Metrix.Emulator.Store;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Endpoints;

/// <summary>Handles in-app events: reads, validates, stores and answers, in this order.</summary>
internal sealed class EventEndpoint(
    Validator validator, FaultPlan faults, AnswerDelegate answerDelegate, EventStore store, CancellationToken stopping)
{
    public async Task HandleAsync(HttpContext context, RequestTarget target)
    {
        var request = await RequestReader.ReadAsync(context, target, ContentRules.MaxBodyBytes).ConfigureAwait(false);
        var result = validator.Validate(request);
        var fault = ApplyFault(request, result);
        var answer = fault is null
            ? answerDelegate.Invoke(request, ref result)
            : FaultResponse.Create(fault, result);
        request.Answer = answer;

        // Stored before the answer: a client that has its answer must find the event.
        Store(request, result, answer, fault is null ? nameof(MetrixEmulatorOptions.Answer) : "a fault");

        if (answer is not null)
            await EmulatorResponseWriter.SendAsync(context, answer, stopping).ConfigureAwait(false);
        else if (result.IsValid)
            await context.AcceptAsync().ConfigureAwait(false);
        else
            await RejectAsync(context, result.Problem).ConfigureAwait(false);
    }

    // Faults apply only to requests that would reach the vendor's own code. A wrong path is always rejected.
    private EmulatorFault? ApplyFault(EmulatorRequest request, ValidationResult result) =>
        request.AppId.Length == 0 || !HttpMethods.IsPost(request.Method)
            ? null
            : faults.Apply(
                request.AppId, () => result.Event?.EventSlug ?? RequestFields.Of(request).Text("eventSlug"));

    private void Store(EmulatorRequest request, ValidationResult result, EmulatorResponse? answer, string answeredBy)
    {
        if (!result.IsValid)
        {
            var (status, reason, field) = result.Problem;
            store.AddRejected(new(
                request, answer?.StatusCode ?? status, reason, field, RejectionAdvice.For(status, field),
                isByFault: false));
        }
        else if (answer is { StatusCode: >= 300 and var status })
        {
            store.AddRejected(new(
                request, status, $"{answeredBy} returned {status}", null, RejectionAdvice.ForFault, isByFault: true));
        }
        else
        {
            store.AddAccepted(result.Event);
        }
    }

    private static Task RejectAsync(HttpContext context, Problem problem)
    {
        if (problem.Status == StatusCodes.Status405MethodNotAllowed) context.Response.Headers.Allow = HttpMethods.Post;
        return context.RejectAsync(problem);
    }
}
