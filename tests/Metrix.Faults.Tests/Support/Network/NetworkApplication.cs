using System.Collections.Concurrent;
using System.Globalization;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests.Support.Network;

/// <summary>
/// Runs an application with the sink in its own process, whose sockets belong to a network namespace.
/// </summary>
internal sealed class NetworkApplication : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _messages = new();
    private readonly ChildProcess _process;
    private readonly Task _reading;
    private volatile int[] _counts = [0, 0, 0];
    private volatile bool _isAsking;

    public NetworkApplication(
        IReadOnlyList<string> launcher, params IEnumerable<(string Name, string Value)> environment)
    {
        _process = ChildProcess.StartBy(
            launcher,
            "Metrix.Tests.Worker",
            ["network"],
            [
                ("Metrix__AppId", TestUser.AppId()), ("Metrix__DevKey", TestUser.DevKey),
                ("Metrix__Period", "00:00:00.01"), ("Metrix__FlushTimeout", "00:00:00.1"), .. environment,
            ]);
        _reading = ReadAsync();
    }

    /// <summary>Gets the messages of the client so far.</summary>
    public IReadOnlyCollection<string> Messages => _messages;

    /// <summary>Gets the number of retries, as of the last <see cref="WaitForDeliveredAsync"/>.</summary>
    public int Retries => _counts[2];

    public Task LogAsync(int count) =>
        _process.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"log {count}"));

    public Task WaitForMessageAsync(string text) => Eventually.ContainsAsync(_messages, text);

    /// <summary>Waits until a number of events was delivered.</summary>
    public async Task WaitForDeliveredAsync(int count)
    {
        await Eventually.TrueAsync(
            () =>
            {
                if (!_isAsking)
                {
                    _isAsking = true;
                    _ = _process.WriteLineAsync("count");
                }

                return _counts[0] >= count;
            },
            () => $"{_counts[0]} of {count} events were delivered, {_counts[1]} rejected. Messages: " +
                  string.Join(" | ", _messages));
        Assert.Equal(count, _counts[0]);
    }

    public async ValueTask DisposeAsync()
    {
        // The reader must see the end of the output before the process is disposed.
        await _process.KillAsync();
        await _reading;
        await _process.DisposeAsync();
        Assert.All(_messages, message => Assert.DoesNotContain(TestUser.DevKey, message));
    }

    private async Task ReadAsync()
    {
        while (await _process.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("message ", StringComparison.Ordinal))
                _messages.Enqueue(line["message ".Length..]);
            else if (line.StartsWith("count ", StringComparison.Ordinal))
            {
                _counts = [.. line.Split(' ')[1..].Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
                _isAsking = false;
            }
        }
    }
}
