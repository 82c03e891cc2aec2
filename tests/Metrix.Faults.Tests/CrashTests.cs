using System.Globalization;
using Metrix.Client;
using Metrix.Faults.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>
/// Processes that are killed in the midst of their work, again and again, on one durable outbox. <c>METRIX_CRASH_ROUNDS</c> sets how
/// often; 10 by default.
/// </summary>
public class CrashTests
{
    // Those of the worker: what a crash may send twice.
    private const int MostTwice = 24 + 8;

    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("METRIX_CRASH_ROUNDS"), CultureInfo.InvariantCulture, out var rounds) ? rounds : 10;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_an_audit_returned_for_arrives_whoever_is_killed(int processes)
    {
        using var folder = new TemporaryFolder();
        await using var server = new FaultServer(_ => Fault.None);
        var acknowledged = new HashSet<int>();
        var random = new Random(1);
        for (var round = 0; round < Rounds; round++)
        {
            var lives = Enumerable.Range(0, processes)
                .Select(process => LiveAsync("audit", server, folder, ((round * processes) + process) * 1_000_000, random.Next(0, 400)));
            foreach (var lines in await Task.WhenAll(lives))
                acknowledged.UnionWith(lines.Select(line => int.Parse(line, CultureInfo.InvariantCulture)));
        }

        await DrainAsync(server, folder);
        Assert.NotEmpty(acknowledged);
        Assert.Empty(acknowledged.Except(server.Taken.Keys).Order());
        AssertFewTwice(server, Rounds * processes);
    }

    [Fact]
    public async Task What_was_written_is_lost_only_from_the_last_period()
    {
        using var folder = new TemporaryFolder();
        await using var server = new FaultServer(_ => Fault.None);
        var lives = new List<IReadOnlyList<(int Number, long At)>>();
        var random = new Random(2);
        for (var round = 0; round < Rounds; round++)
        {
            // Some live for long enough that what is lost can be told from what may be.
            var lines = await LiveAsync("write", server, folder, round * 1_000_000, round % 10 == 0 ? 6_000 : random.Next(0, 400));
            lives.Add([.. lines.Select(line => line.Split(' ')).Select(parts =>
                (int.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture)))]);
        }

        await DrainAsync(server, folder);
        AssertFewTwice(server, Rounds);
        foreach (var life in lives.Where(life => life.Count > 0))
        {
            var arrived = life.TakeWhile(e => server.Taken.ContainsKey(e.Number)).ToList();

            // What is lost is the end, without a hole before it.
            Assert.DoesNotContain(life.Skip(arrived.Count), e => server.Taken.ContainsKey(e.Number));

            // A period of 100 ms, and the time that a machine which is slow takes to begin and end a commit.
            Assert.All(life.Skip(arrived.Count), e => Assert.InRange(life[^1].At - e.At, 0, 4_000));
        }
    }

    /// <summary>Starts a worker, lets it work for a time since its first event, kills it, and returns the lines that it said.</summary>
    private static async Task<IReadOnlyList<string>> LiveAsync(
        string verb, FaultServer server, TemporaryFolder folder, int first, int milliseconds)
    {
        await using var process = ChildProcess.Start(
            "Metrix.Tests.Worker",
            [verb, server.Endpoint.ToString(), "app", "key", folder.File("metrix.db"), first.ToString(CultureInfo.InvariantCulture)]);
        var lines = new List<string> { await process.ReadLineAsync() ?? throw new InvalidOperationException("The worker did not begin.") };
        var rest = process.ReadToEndAsync();
        await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
        await process.KillAsync();

        // The last line may be cut off.
        var text = await rest;
        lines.AddRange(text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return lines;
    }

    /// <summary>Delivers what the dead have left, in accelerated time: they are dead after half a minute.</summary>
    private static async Task DrainAsync(FaultServer server, TemporaryFolder folder)
    {
        var appId = $"app-{Guid.NewGuid():N}";
        await using var client = new MetrixClient(new MetrixOptions
        {
            Apps = { [appId] = new MetrixAppOptions { AppId = "app", DevKey = "key" } },
            Endpoint = server.Endpoint,
            OutboxPath = folder.File("metrix.db"),
            TimeProvider = new AcceleratedTime(100),
            RequestTimeout = TimeSpan.FromMinutes(10),
        });
        while (folder.Count("events") > 0)
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    private static void AssertFewTwice(FaultServer server, int crashes)
    {
        Assert.All(server.Taken, taken => Assert.InRange(taken.Value, 1, 2));
        Assert.InRange(server.Taken.Count(taken => taken.Value > 1), 0, crashes * MostTwice);
    }
}
