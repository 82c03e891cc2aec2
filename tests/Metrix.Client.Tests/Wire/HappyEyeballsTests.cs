using System.Net;
using System.Net.Sockets;
using Metrix.Client.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Wire;

public class HappyEyeballsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AlmostTheDelay = HappyEyeballs.AttemptDelay - TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly List<Attempt> _attempts = [];

    [Fact]
    public async Task The_next_address_is_tried_when_the_first_does_not_respond_in_time()
    {
        var connecting = Connect("2001:db8::1", "192.0.2.1");
        Assert.Equal(["2001:db8::1"], Tried());

        _clock.Advance(AlmostTheDelay);
        Assert.Equal(["2001:db8::1"], Tried());
        await AdvanceUntilTriedAsync(TimeSpan.FromMilliseconds(1), 2);
        Assert.Equal(["2001:db8::1", "192.0.2.1"], Tried());

        Assert.Same(_attempts[1].Succeed(), await connecting.WaitAsync(Limit));
        Assert.True(_attempts[0].IsCanceled);
    }

    [Fact]
    public async Task The_next_address_is_tried_at_once_when_the_first_fails()
    {
        var connecting = Connect("192.0.2.1", "192.0.2.2");
        _attempts[0].Fail(SocketError.ConnectionRefused);

        await WaitUntilTriedAsync(2);
        Assert.Same(_attempts[1].Succeed(), await connecting.WaitAsync(Limit));
    }

    [Fact]
    public async Task The_first_address_wins_when_it_responds_after_the_second_was_tried()
    {
        var connecting = Connect("192.0.2.1", "192.0.2.2");
        await AdvanceUntilTriedAsync(HappyEyeballs.AttemptDelay, 2);

        Assert.Same(_attempts[0].Succeed(), await connecting.WaitAsync(Limit));
        Assert.True(_attempts[1].IsCanceled);
    }

    [Fact]
    public async Task A_connection_that_lost_is_disposed()
    {
        var connecting = Connect("192.0.2.1", "192.0.2.2");
        _attempts[0].IgnoresCancellation = true;
        await AdvanceUntilTriedAsync(HappyEyeballs.AttemptDelay, 2);
        _attempts[1].Succeed();
        await connecting.WaitAsync(Limit);

        var loser = _attempts[0].Succeed();
        await loser.Disposed.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_single_address_without_an_answer_is_waited_for_until_the_request_is_canceled()
    {
        using var cancellation = new CancellationTokenSource();
        var connecting = Connect(cancellation.Token, "192.0.2.1");
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(connecting.IsCompleted);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(Limit));
        Assert.True(_attempts[0].IsCanceled);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, SocketError.HostUnreachable, SocketError.ConnectionRefused)]
    [InlineData(SocketError.NetworkUnreachable, SocketError.ConnectionRefused, SocketError.ConnectionRefused)]
    [InlineData(SocketError.NetworkUnreachable, SocketError.NetworkUnreachable, SocketError.NetworkUnreachable)]
    public async Task The_most_telling_failure_is_thrown_when_all_addresses_fail(
        SocketError first, SocketError second, SocketError expected)
    {
        var connecting = Connect("2001:db8::1", "192.0.2.1");
        _attempts[0].Fail(first);
        await WaitUntilTriedAsync(2);
        _attempts[1].Fail(second);

        var exception = await Assert.ThrowsAsync<SocketException>(() => connecting.WaitAsync(Limit));
        Assert.Equal(expected, exception.SocketErrorCode);
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::7")]
    [InlineData("fe80::7%3")]
    public async Task An_IP_address_is_not_resolved(string address)
    {
        var racer = new HappyEyeballs(
            _clock, (_, _) => throw new InvalidOperationException("An address was resolved."), ConnectAsync);

        var connecting = racer.ConnectAsync(new DnsEndPoint(address, 443), TestContext.Current.CancellationToken);
        Assert.Equal([address], Tried());
        Assert.Same(_attempts[0].Succeed(), await connecting);
    }

    [Fact]
    public async Task A_name_without_an_address_is_a_failure_of_name_resolution()
    {
        var exception = await Assert.ThrowsAsync<SocketException>(() => Connect([]));
        Assert.Equal(SocketError.HostNotFound, exception.SocketErrorCode);
    }

    [Theory]
    [InlineData("::1 ::2 ::3 1.1.1.1 2.2.2.2", "::1 1.1.1.1 ::2 2.2.2.2 ::3")]
    [InlineData("1.1.1.1 ::1 ::2", "1.1.1.1 ::1 ::2")]
    [InlineData("1.1.1.1 2.2.2.2", "1.1.1.1 2.2.2.2")]
    public void Address_families_alternate_and_begin_with_the_first(string resolved, string expected) =>
        Assert.Equal(expected, string.Join(' ', HappyEyeballs.Interleave(Parse(resolved.Split(' ')))));

    private static IPAddress[] Parse(string[] addresses) => [.. addresses.Select(IPAddress.Parse)];

    private string[] Tried() => [.. _attempts.Select(attempt => attempt.Target.Address.ToString())];

    private Task<Stream> Connect(params string[] addresses) => Connect(CancellationToken.None, addresses);

    private Task<Stream> Connect(CancellationToken cancellation, params string[] addresses)
    {
        var racer = new HappyEyeballs(_clock, (_, _) => Task.FromResult(Parse(addresses)), ConnectAsync);
        return racer.ConnectAsync(new DnsEndPoint("metrix.test", 443), cancellation).AsTask();
    }

    private Task<Stream> ConnectAsync(IPEndPoint target, CancellationToken cancellation)
    {
        var attempt = new Attempt(target, cancellation);
        lock (_attempts)
            _attempts.Add(attempt);
        return attempt.Connection;
    }

    private async Task AdvanceUntilTriedAsync(TimeSpan time, int count)
    {
        _clock.Advance(time);
        await WaitUntilTriedAsync(count);
    }

    private Task WaitUntilTriedAsync(int count) => Metrix.Tests.Support.Eventually.TrueAsync(() =>
    {
        lock (_attempts)
            return _attempts.Count == count;
    });

    private sealed class Attempt
    {
        private readonly TaskCompletionSource<Stream> _connection = new(
            TaskCreationOptions.RunContinuationsAsynchronously);

        public Attempt(IPEndPoint target, CancellationToken cancellation)
        {
            Target = target;
            cancellation.Register(() =>
            {
                IsCanceled = true;
                if (!IgnoresCancellation)
                    _connection.TrySetCanceled(cancellation);
            });
        }

        public IPEndPoint Target { get; }

        public Task<Stream> Connection => _connection.Task;

        public bool IsCanceled { get; private set; }

        public bool IgnoresCancellation { get; set; }

        public DisposableStream Succeed()
        {
            var stream = new DisposableStream();
            _connection.TrySetResult(stream);
            return stream;
        }

        public void Fail(SocketError error) => _connection.TrySetException(new SocketException((int)error));
    }

    private sealed class DisposableStream : MemoryStream
    {
        private readonly TaskCompletionSource _disposed = new();

        public Task Disposed => _disposed.Task;

        protected override void Dispose(bool disposing)
        {
            _disposed.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
