using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Metrix.Emulator.Faults;
using Metrix.Emulator.Http;
using Metrix.Emulator.Store;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Api;

/// <summary>
/// Server-sent events: what is kept, then what arrives. Each message's id says how far the client is, so that one that
/// connects again goes on where it was; <c>reset</c> tells it to begin anew.
/// </summary>
internal sealed class StreamEndpoint(
    EventStore store, FaultPlan faults, SummaryJson summary, CancellationToken stopping)
{
    private const int BatchSize = 500;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Between two looks, so that a flood makes few large messages.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    /// <summary>Numbers begin at 1 with each emulator: one that was started anew must not be taken for the former.</summary>
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    public async Task SendAsync(HttpContext context)
    {
        if (!ListJson.TryReadLimit(context.Request, out var limit, out var problem))
        {
            await context.RefuseAsync(problem!).ConfigureAwait(false);
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.StartAsync(end.Token).ConfigureAwait(false);
        var output = context.Response.BodyWriter;
        output.Write("retry: 1000\n\n"u8);

        var sent = Place.Parse(context.Request.Headers["Last-Event-ID"].ToString(), _run);
        while (true)
        {
            var view = store.Look();
            if (sent?.Clearings != view.Clearings)
            {
                sent = new Place(_run, view.Clearings, limit is { } newest ? view.Before(newest) : 0);
                Message(output, "reset", sent, json => json.WriteNullValue());
            }

            sent = await ArrivalsAsync(context, view, sent, end.Token).ConfigureAwait(false);
            Message(output, "stats", sent, json => StatsJson.Write(json, store.Tally, view.Count));
            Message(output, "faults", sent, json => FaultJson.Write(json, faults.Current));
            await output.FlushAsync(end.Token).ConfigureAwait(false);

            await Task.Delay(Pace, end.Token).ConfigureAwait(false);
            while (!await IsChangedAsync(view.Change, end.Token).ConfigureAwait(false))
            {
                // Also how a client that went without a word is noticed.
                output.Write(": still here\n\n"u8);
                await output.FlushAsync(end.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task<Place> ArrivalsAsync(HttpContext context, StoreView view, Place sent, CancellationToken cancellation)
    {
        foreach (var batch in view.After(sent.Id).Chunk(BatchSize))
        {
            sent = sent with { Id = batch[^1].Request.Id };
            Message(context.Response.BodyWriter, "arrivals", sent, json =>
            {
                json.WriteStartArray();
                foreach (var arrival in batch) summary.Write(json, arrival);
                json.WriteEndArray();
            });
            await context.Response.BodyWriter.FlushAsync(cancellation).ConfigureAwait(false);
        }

        return sent;
    }

    // JSON has no line breaks of its own, so that a message's data is one line.
    private static void Message(IBufferWriter<byte> output, string name, Place place, Action<Utf8JsonWriter> write)
    {
        output.Write(System.Text.Encoding.UTF8.GetBytes($"id: {place}\nevent: {name}\ndata: "));
        using (var json = new Utf8JsonWriter(output, JsonAnswer.Readable)) write(json);
        output.Write("\n\n"u8);
    }

    private static async Task<bool> IsChangedAsync(Task change, CancellationToken cancellation)
    {
        try
        {
            await change.WaitAsync(Heartbeat, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>How far a client is: in which run of the emulator, after how many clearings, after which request.</summary>
    private sealed record Place(string Run, int Clearings, long Id)
    {
        public static Place? Parse(string text, string run) =>
            text.Split('.') is [var itsRun, var clearings, var id] && itsRun == run &&
            int.TryParse(clearings, NumberStyles.None, CultureInfo.InvariantCulture, out var cleared) &&
            long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new Place(run, cleared, number)
                : null;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Run}.{Clearings}.{Id}");
    }
}
