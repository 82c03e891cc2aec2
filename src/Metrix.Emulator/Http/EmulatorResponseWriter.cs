using System.Text;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Http;

/// <summary>Sends an <see cref="EmulatorResponse"/>, or withholds it as the response demands.</summary>
internal static class EmulatorResponseWriter
{
    /// <exception cref="OperationCanceledException">The client disconnected, or the emulator stops.</exception>
    public static async Task SendAsync(HttpContext context, EmulatorResponse answer, CancellationToken stopping)
    {
        if (answer.NeverAnswer || answer.Delay is not null)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            if (answer.Delay is { } delay)
                await Task.Delay(delay, TimeProvider.System, end.Token).ConfigureAwait(false);
            if (answer.NeverAnswer)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, end.Token).ConfigureAwait(false);
        }

        if (answer.CloseConnection)
            context.Abort();
        else
            await WriteAsync(context, answer).ConfigureAwait(false);
    }

    private static async Task WriteAsync(HttpContext context, EmulatorResponse answer)
    {
        context.Response.StatusCode = answer.StatusCode;
        var hasBody = answer.Body.Length > 0 && answer.StatusCode is not (204 or 205 or 304);
        if (hasBody) context.Response.ContentType = "text/plain; charset=utf-8";
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        if (hasBody)
            await context.Response.BodyWriter
                .WriteAsync(Encoding.UTF8.GetBytes(answer.Body), context.RequestAborted).ConfigureAwait(false);
    }
}
