using Metrix.Emulator.Faults;
using Metrix.Emulator.Http;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Endpoints;

/// <summary>Serves <c>/api/faults</c>: lists, replaces and removes faults.</summary>
internal sealed class FaultEndpoint(FaultPlan faults)
{
    private const int MaxBodyBytes = 64 * 1024;

    public Task GetAsync(HttpContext context) => context.WriteAsync(json => FaultJson.Write(json, faults.Current));

    public Task DeleteAsync(HttpContext context)
    {
        faults.Set([]);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public async Task PutAsync(HttpContext context)
    {
        // A form of another site can send text without a preflight request. It cannot send JSON.
        if (!context.Request.HasJsonContentType())
        {
            await context.RejectAsync(new Problem(415, "the Content-Type must be application/json", "Content-Type"))
                .ConfigureAwait(false);
            return;
        }

        var body = await ReadBodyAsync(context).ConfigureAwait(false);
        var problem = body is null
            ? new Problem(413, $"the body is longer than {MaxBodyBytes} bytes")
            : FaultJson.Read(body, out var parsed) ?? Set(parsed);
        await (problem is null ? GetAsync(context) : context.RejectAsync(problem)).ConfigureAwait(false);
    }

    private Problem? Set(IReadOnlyList<EmulatorFault> parsed)
    {
        faults.Set(parsed);
        return null;
    }

    private static async Task<byte[]?> ReadBodyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        var buffer = new byte[4096];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)
            is var read and > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MaxBodyBytes) return null;
        }

        return body.ToArray();
    }
}
