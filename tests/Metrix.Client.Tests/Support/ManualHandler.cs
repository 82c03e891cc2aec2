using System.Net;
using System.Text;
using System.Threading.Channels;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Support;

/// <summary>Lets a test answer each request, when and how it wants.</summary>
internal sealed class ManualHandler : HttpMessageHandler
{
    private readonly Channel<PendingRequest> _requests = Channel.CreateUnbounded<PendingRequest>();
    private int _running;
    private int _maxRunning;

    /// <summary>Gets the largest number of requests that ran at the same time.</summary>
    public int MaxRunning => Volatile.Read(ref _maxRunning);

    /// <summary>Gets whether a request waits that the test has not taken.</summary>
    public bool HasNext => _requests.Reader.TryPeek(out _);

    /// <summary>Waits for the next request.</summary>
    public async Task<PendingRequest> NextAsync() =>
        await _requests.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Limit);

    /// <summary>Waits for the next request and checks its slug.</summary>
    public async Task<PendingRequest> NextAsync(string slug)
    {
        var request = await NextAsync();
        Assert.Equal(slug, request.Slug);
        return request;
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetString(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        var pending = new PendingRequest(body.Split("\"eventSlug\":\"")[1].Split('"')[0]);
        var running = Interlocked.Increment(ref _running);
        InterlockedMax(running);
        try
        {
            await _requests.Writer.WriteAsync(pending, cancellationToken);
            return await pending.Answered.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private void InterlockedMax(int running)
    {
        for (var max = _maxRunning; running > max; max = _maxRunning)
            Interlocked.CompareExchange(ref _maxRunning, running, max);
    }

    /// <summary>Represents a request that waits for the test.</summary>
    internal sealed class PendingRequest(string slug)
    {
        private readonly TaskCompletionSource<HttpResponseMessage> _answer =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Slug { get; } = slug;

        public Task<HttpResponseMessage> Answered => _answer.Task;

        public void Answer(int status, string? retryAfter = null)
        {
            var response = new HttpResponseMessage((HttpStatusCode)status);
            if (retryAfter is not null)
                response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
            _answer.SetResult(response);
        }

        public void Throw(Exception exception) => _answer.SetException(exception);
    }
}
