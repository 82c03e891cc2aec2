using System.Collections.Concurrent;
using System.Net;
using Metrix.Faults.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>What an endpoint that is down sees of an application, and what it sees when it comes back.</summary>
public class OutageTests
{
    private const int Count = 5_000;
    private const int MaxInFlight = 8;

    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(10);

    [Theory, CombinatorialFronts]
    public async Task One_probe_at_a_time_while_it_is_down_and_full_speed_when_it_is_back(FrontEnd front)
    {
        using var server = new Endpoint(new AcceleratedTime(500));
        await using (var app = new Front(front, new Uri("http://localhost"), options =>
        {
            options.MaxInFlight = MaxInFlight;
            options.TimeProvider = server.Clock;
            options.HttpMessageHandlerFactory = () => server;
        }))
        {
            app.Emit(0);
            await app.WhenSaidAsync("paused");
            app.Emit(Enumerable.Range(1, Count - 1));
            await server.IsOver.Task;
            await app.CloseAsync();
            Assert.Equal(Count, app.Books.Delivered);
        }

        // At first after 1, 2, 4, 8 and 16 seconds at most, then every 15 to 30.
        Assert.InRange(server.Failures.Count, 2, (int)(Outage.TotalMinutes * 4) + 6);
        Assert.All(server.Failures, concurrency => Assert.Equal(1, concurrency));
        Assert.Equal(MaxInFlight, server.MostAtOnce);
    }

    /// <summary>Is down for a time that begins with the first request, and then takes everything.</summary>
    private sealed class Endpoint(TimeProvider clock) : HttpMessageHandler
    {
        private readonly TaskCompletionSource _isFull = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _firstAt;
        private int _underWay;
        private int _mostAtOnce;
        private int _probesTaken;

        public TimeProvider Clock { get; } = clock;

        public TaskCompletionSource IsOver { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Of each request that failed, how many were under way with it.</summary>
        public ConcurrentQueue<int> Failures { get; } = new();

        /// <summary>How many were under way at once at most since it is up.</summary>
        public int MostAtOnce => _mostAtOnce;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var underWay = Interlocked.Increment(ref _underWay);
            try
            {
                Interlocked.CompareExchange(ref _firstAt, Clock.GetTimestamp(), 0);
                if (Clock.GetElapsedTime(_firstAt) < Outage)
                {
                    Failures.Enqueue(underWay);
                    await Task.Yield();
                    throw new HttpRequestException(HttpRequestError.ConnectionError);
                }

                // The first that is taken is a probe. Behind it each waits until as many as may be are there.
                IsOver.TrySetResult();
                if (Interlocked.Increment(ref _probesTaken) > 1)
                {
                    InterlockedMax(underWay);
                    if (underWay == MaxInFlight)
                        _isFull.TrySetResult();
                    await _isFull.Task.WaitAsync(cancellationToken);
                }

                return new HttpResponseMessage(HttpStatusCode.OK);
            }
            finally
            {
                Interlocked.Decrement(ref _underWay);
            }
        }

        private void InterlockedMax(int underWay)
        {
            int most;
            while ((most = Volatile.Read(ref _mostAtOnce)) < underWay)
                Interlocked.CompareExchange(ref _mostAtOnce, underWay, most);
        }
    }
}
