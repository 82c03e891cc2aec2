using System.Buffers;
using System.Text;
using System.Text.Json;
using Metrix.Emulator.Faults;
using Metrix.Emulator.Http;
using Metrix.Emulator.Store;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Endpoints;

/// <summary>
/// Serves <c>/api/stream</c>: the kept requests, then new ones, as server-sent events. The id of each message is the
/// client's position, so that a client that reconnects continues there. The message <c>reset</c> starts over.
/// </summary>
internal sealed class StreamEndpoint(
    EventStore store, FaultPlan faults, SummaryJson summary, CancellationToken stopping)
{
    private const int BatchSize = 500;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The shortest time between two updates, so that a burst of requests becomes few large messages.
    /// </summary>
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Request ids start at 1 in each emulator. Without an id of the run, a client would mistake a restarted emulator
    /// for its predecessor.
    /// </summary>
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    public async Task SendAsync(HttpContext context)
    {
        if (!ListJson.TryReadLimit(context.Request, out var limit, out var problem))
        {
            await context.RejectAsync(problem!).ConfigureAwait(false);
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.StartAsync(end.Token).ConfigureAwait(false);
        var output = context.Response.BodyWriter;
        output.Write("retry: 1000\n\n"u8);

        var position = StreamPosition.Parse(context.Request.Headers["Last-Event-ID"].ToString(), _run);
        while (true)
        {
            var view = store.GetView();
            if (position?.ClearCount != view.ClearCount)
            {
                position = new StreamPosition(
                    _run, view.ClearCount, limit is { } newest ? view.IdBeforeNewest(newest) : 0);
                WriteMessage(output, "reset", position, json => json.WriteNullValue());
            }

            position = await SendArrivalsAsync(context, view, position, end.Token).ConfigureAwait(false);
            WriteMessage(output, "stats", position, json => StatsJson.Write(json, store.Counts, view.Count));
            WriteMessage(output, "faults", position, json => FaultJson.Write(json, faults.Current));
            await output.FlushAsync(end.Token).ConfigureAwait(false);

            await Task.Delay(MinInterval, TimeProvider.System, end.Token).ConfigureAwait(false);
            while (!await WaitForChangeAsync(view.Change, end.Token).ConfigureAwait(false))
            {
                // A write also detects a client that disconnected silently.
                output.Write(": heartbeat\n\n"u8);
                await output.FlushAsync(end.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task<StreamPosition> SendArrivalsAsync(
        HttpContext context, StoreView view, StreamPosition position, CancellationToken cancellationToken)
    {
        foreach (var batch in view.After(position.Id).Chunk(BatchSize))
        {
            position = position with { Id = batch[^1].Request.Id };
            WriteMessage(context.Response.BodyWriter, "arrivals", position, json =>
            {
                json.WriteStartArray();
                foreach (var stored in batch) summary.Write(json, stored);
                json.WriteEndArray();
            });
            await context.Response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return position;
    }

    // The JSON writer emits no line breaks, so the data of a message is one line.
    private static void WriteMessage(
        IBufferWriter<byte> output, string name, StreamPosition position, Action<Utf8JsonWriter> write)
    {
        output.Write(Encoding.UTF8.GetBytes($"id: {position}\nevent: {name}\ndata: "));
        using (var json = new Utf8JsonWriter(output, JsonAnswer.Readable)) write(json);
        output.Write("\n\n"u8);
    }

    private static async Task<bool> WaitForChangeAsync(Task change, CancellationToken cancellationToken)
    {
        try
        {
            await change.WaitAsync(Heartbeat, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
