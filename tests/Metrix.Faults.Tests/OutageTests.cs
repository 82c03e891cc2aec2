using System.Collections.Concurrent;
using System.Net;
using Metrix.Faults.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>Tests the requests of an application during an outage and after it.</summary>
public class OutageTests
{
    private const int Count = 5_000;

    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(10);

    [Theory, FaultMatrix]
    public async Task Single_probes_are_sent_during_an_outage_and_full_concurrency_is_used_after_it(
        FrontEnd front, int maxInFlight)
    {
        using var server = new OutageHandler(new AcceleratedTime(500), maxInFlight);
        int concurrentCalls;
        await using (var app = Front.Create(front, new Uri("http://localhost"), maxInFlight, options =>
        {
            options.TimeProvider = server.Clock;
            options.HttpMessageHandlerFactory = () => server;
        }))
        {
            concurrentCalls = app.ConcurrentCalls;
            app.Emit(0);
            await app.WaitForMessageAsync("paused");
            app.Emit(Enumerable.Range(1, Count - 1));
            await server.IsOver.Task;
            await app.CloseAsync();
            Assert.Equal(Count, app.Meter.Delivered);
            Assert.Empty(app.Failed);
        }

        // Probes follow after at most 1, 2, 4, 8 and 16 seconds, then every 15 to 30. Each audited call asks for one.
        var maxProbes = (int)(Outage.TotalMinutes * 4) + 6 + concurrentCalls;
        Assert.InRange(server.Failures.Count, 2, maxProbes);
        Assert.All(server.Failures, concurrency => Assert.Equal(1, concurrency));
        Assert.Equal(maxInFlight, server.MaxConcurrency);
    }

    /// <summary>Fails for a time that starts with the first request, and then accepts everything.</summary>
    private sealed class OutageHandler(TimeProvider clock, int maxInFlight) : HttpMessageHandler
    {
        private readonly TaskCompletionSource _isFull = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _firstAt;
        private int _inFlight;
        private int _maxConcurrency;
        private int _acceptedCount;

        public TimeProvider Clock { get; } = clock;

        public TaskCompletionSource IsOver { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Gets, for each failed request, the number of requests in flight with it.</summary>
        public ConcurrentQueue<int> Failures { get; } = new();

        /// <summary>Gets the largest number of concurrent requests after the outage.</summary>
        public int MaxConcurrency => _maxConcurrency;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var inFlight = Interlocked.Increment(ref _inFlight);
            try
            {
                Interlocked.CompareExchange(ref _firstAt, Clock.GetTimestamp(), 0);
                if (Clock.GetElapsedTime(_firstAt) < Outage)
                {
                    Failures.Enqueue(inFlight);
                    await Task.Yield();
                    throw new HttpRequestException(HttpRequestError.ConnectionError);
                }

                // The first accepted request is a probe. Each of the next ones waits for full concurrency.
                IsOver.TrySetResult();
                if (Interlocked.Increment(ref _acceptedCount) > 1)
                {
                    RaiseMaxConcurrency(inFlight);
                    if (inFlight == maxInFlight)
                        _isFull.TrySetResult();
                    await _isFull.Task.WaitAsync(cancellationToken);
                }

                return new HttpResponseMessage(HttpStatusCode.OK);
            }
            finally
            {
                Interlocked.Decrement(ref _inFlight);
            }
        }

        private void RaiseMaxConcurrency(int inFlight)
        {
            int max;
            while ((max = Volatile.Read(ref _maxConcurrency)) < inFlight)
                Interlocked.CompareExchange(ref _maxConcurrency, inFlight, max);
        }
    }
}
