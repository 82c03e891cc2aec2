using System.Diagnostics;
using System.Net;
using System.Net.Http;
using System.Text;

namespace Metrix.Tool.Sending;

/// <summary>
/// Sends the first request of a client and records it with its answer, or records it without sending it; refuses every other,
/// since one event is sent once.
/// </summary>
internal sealed class RecordingHandler(bool isDry, TimeSpan timeout, string devKey) : HttpMessageHandler
{
    private const int MaxAnswerBytes = 4096;

    private readonly TaskCompletionSource<RecordedExchange> _recorded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpMessageInvoker _inner = new(new SocketsHttpHandler
    {
        // A redirect would carry the key elsewhere.
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = timeout,
    });

    private int _count;

    public Task<RecordedExchange> Recorded => _recorded.Task;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _count) > 1)
            throw new HttpRequestException("One event is sent once.");

        var exchange = new RecordedExchange
        {
            Method = request.Method.Method,
            Address = request.RequestUri!,
            Headers = [.. request.Headers.Concat(request.Content!.Headers).Select(header => (header.Key, Shown(header.Key, header.Value)))],
            Body = await request.Content.ReadAsStringAsync(cancellationToken),
        };
        if (isDry)
        {
            _recorded.SetResult(exchange);
            return new HttpResponseMessage(HttpStatusCode.OK);
        }

        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(timeout);
            var response = await _inner.SendAsync(request, limit.Token);
            var answer = await ReadStartAsync(response.Content, limit.Token);
            _recorded.SetResult(exchange with
            {
                Status = (int)response.StatusCode,
                Answer = answer,
                Took = Stopwatch.GetElapsedTime(startedAt),
            });
            return response;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            _recorded.SetResult(exchange with { Failure = exception, Took = Stopwatch.GetElapsedTime(startedAt) });
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _inner.Dispose();
        base.Dispose(disposing);
    }

    private static string Shown(string name, IEnumerable<string> values) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? "***" : string.Join(", ", values);

    // Without the key, should the server repeat it, and without what a terminal would take for a command.
    private async Task<string> ReadStartAsync(HttpContent content, CancellationToken cancellation)
    {
        var bytes = new byte[MaxAnswerBytes];
        using var stream = await content.ReadAsStreamAsync(cancellation);
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        var text = Encoding.UTF8.GetString(bytes, 0, read).Replace(devKey, "***", StringComparison.Ordinal);
        return string.Concat(text.Where(c => c is '\n' or '\t' || !char.IsControl(c)));
    }
}
