using Metrix.Emulator.Faults;
using Metrix.Emulator.Http;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Api;

/// <summary>Shows, sets and takes away the faults.</summary>
internal sealed class FaultEndpoint(FaultPlan faults)
{
    private const int MaxBodyBytes = 64 * 1024;

    public Task ShowAsync(HttpContext context) => context.WriteAsync(json => FaultJson.Write(json, faults.Current));

    public Task ClearAsync(HttpContext context)
    {
        faults.Set([]);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public async Task SetAsync(HttpContext context)
    {
        // A form of another site can send text without asking first; it cannot send JSON.
        if (!context.Request.HasJsonContentType())
        {
            await context.RefuseAsync(new Problem(415, "the Content-Type must be application/json", "Content-Type"))
                .ConfigureAwait(false);
            return;
        }

        var body = await ReadAsync(context).ConfigureAwait(false);
        var problem = body is null
            ? new Problem(413, $"the body is longer than {MaxBodyBytes} bytes")
            : FaultJson.Read(body, out var set) ?? Set(set);
        await (problem is null ? ShowAsync(context) : context.RefuseAsync(problem)).ConfigureAwait(false);
    }

    private Problem? Set(IReadOnlyList<EmulatorFault> set)
    {
        faults.Set(set);
        return null;
    }

    private static async Task<byte[]?> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        var buffer = new byte[4096];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false) is var read and > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MaxBodyBytes) return null;
        }

        return body.ToArray();
    }
}
