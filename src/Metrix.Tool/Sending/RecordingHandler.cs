using System.Diagnostics;
using System.Net;
using System.Net.Http;
using System.Text;
using Metrix.Client;
using Metrix.Client.Wire;

namespace Metrix.Tool.Sending;

/// <summary>
/// Sends the first request of a client and records it with its answer. A dry run records the request without sending
/// it. All later requests fail, because the tool makes one attempt.
/// </summary>
internal sealed class RecordingHandler(bool isDryRun, TimeSpan timeout, string devKey, Uri endpoint)
    : HttpMessageHandler
{
    private const string Mask = "***";
    private const int MaxAnswerBytes = 4096;

    private readonly TaskCompletionSource<RecordedExchange> _recorded =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The client's own connections, so that the tool reaches what the client reaches.
    private readonly HttpTransport _transport = new(new MetrixOptions { Endpoint = endpoint });

    private int _count;

    public Task<RecordedExchange> Recorded => _recorded.Task;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _count) > 1)
            throw new HttpRequestException("The tool makes only one attempt.");

        var exchange = new RecordedExchange
        {
            Method = request.Method.Method,
            Address = request.RequestUri!,
            Headers =
            [
                .. from header in request.Headers.Concat(request.Content!.Headers)
                   select (header.Key, MaskKey(header.Key, header.Value)),
            ],
            Body = await request.Content.ReadAsStringAsync(cancellationToken),
        };
        if (isDryRun)
        {
            _recorded.SetResult(exchange);
            return new HttpResponseMessage(HttpStatusCode.OK);
        }

        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(timeout);
            var response = await _transport.SendAsync(request, limit.Token);
            var answer = await ReadStartAsync(response.Content, limit.Token);
            var outcome = FirstAnswer.Judge(
                AnswerPolicy.Of(response, TimeProvider.System), response, answer, exchange.Address);
            _recorded.SetResult(exchange with
            {
                Status = (int)response.StatusCode,
                Answer = answer,
                Duration = Stopwatch.GetElapsedTime(startedAt),
                Outcome = WithProxy(outcome, exchange.Address),
            });
            return response;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            _recorded.SetResult(exchange with
            {
                Duration = Stopwatch.GetElapsedTime(startedAt),
                Outcome = WithProxy(AnswerPolicy.Of(exception), exchange.Address),
            });
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _transport.Dispose();
        base.Dispose(disposing);
    }

    private SendOutcome WithProxy(SendOutcome outcome, Uri address) =>
        outcome.Kind == SendOutcomeKind.Delivered ? outcome : outcome with { Proxy = _transport.FindProxy(address) };

    private static string MaskKey(string name, IEnumerable<string> values) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? Mask : string.Join(", ", values);

    // The server may repeat the key, so it is masked. Control characters are removed: a terminal would execute them.
    private async Task<string> ReadStartAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var bytes = new byte[MaxAnswerBytes];
        using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        var text = Encoding.UTF8.GetString(bytes, 0, read).Replace(devKey, Mask, StringComparison.Ordinal);
        return string.Concat(text.Where(c => c is '\n' or '\t' || !char.IsControl(c)));
    }
}
