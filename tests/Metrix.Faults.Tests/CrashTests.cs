using System.Globalization;
using Metrix.Client;
using Metrix.Faults.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>
/// Kills processes that share one durable outbox while they work, many times. The variable
/// <c>METRIX_CRASH_ROUNDS</c> sets the number of rounds. Default: 10.
/// </summary>
public class CrashTests
{
    // BatchSizeLimit and MaxInFlight of the worker: the events that one crash can send twice.
    private const int MaxDuplicatesPerCrash = 24 + 8;

    private static readonly int Rounds = SoakTests.EnvironmentNumber("METRIX_CRASH_ROUNDS", 10);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_event_whose_audited_call_returned_arrives_despite_crashes(int processes)
    {
        using var folder = new TemporaryFolder();
        await using var server = new FaultServer(_ => Fault.None);
        var acknowledged = new HashSet<int>();
        var random = new Random(1);
        for (var round = 0; round < Rounds; round++)
        {
            var runs = Enumerable.Range(0, processes).Select(process => RunUntilKilledAsync(
                "audit", server, folder, ((round * processes) + process) * 1_000_000, random.Next(0, 400)));
            foreach (var lines in await Task.WhenAll(runs))
                acknowledged.UnionWith(lines.Select(line => int.Parse(line, CultureInfo.InvariantCulture)));
        }

        await DrainAsync(server, folder);
        Assert.NotEmpty(acknowledged);
        Assert.Empty(acknowledged.Except(server.Accepted.Keys).Order());
        AssertFewDuplicates(server, Rounds * processes);
    }

    [Fact]
    public async Task A_crash_loses_only_events_of_the_last_period()
    {
        using var folder = new TemporaryFolder();
        await using var server = new FaultServer(_ => Fault.None);
        var runs = new List<IReadOnlyList<(int Number, long At)>>();
        var random = new Random(2);
        for (var round = 0; round < Rounds; round++)
        {
            // Some run longer than the tolerance below. Otherwise a lost early event could not be noticed.
            var milliseconds = round % 10 == 0 ? 6_000 : random.Next(0, 400);
            var lines = await RunUntilKilledAsync("write", server, folder, round * 1_000_000, milliseconds);
            runs.Add([.. lines.Select(line => line.Split(' ')).Select(parts =>
            (
                int.Parse(parts[0], CultureInfo.InvariantCulture),
                long.Parse(parts[1], CultureInfo.InvariantCulture)))]);
        }

        await DrainAsync(server, folder);
        AssertFewDuplicates(server, Rounds);
        foreach (var run in runs.Where(run => run.Count > 0))
        {
            var arrived = run.TakeWhile(e => server.Accepted.ContainsKey(e.Number)).ToList();

            // The lost events are the last ones, without a gap before them.
            Assert.DoesNotContain(run.Skip(arrived.Count), e => server.Accepted.ContainsKey(e.Number));

            // The period is 100 ms. The rest is the time of a commit on a slow machine.
            Assert.All(run.Skip(arrived.Count), e => Assert.InRange(run[^1].At - e.At, 0, 4_000));
        }
    }

    /// <summary>
    /// Starts a worker, kills it some time after its first event, and returns the lines that it wrote.
    /// </summary>
    private static async Task<IReadOnlyList<string>> RunUntilKilledAsync(
        string command, FaultServer server, TemporaryFolder folder, int first, int milliseconds)
    {
        string[] arguments =
        [
            command, server.Endpoint.ToString(), "app", "key", folder.File("metrix.db"),
            first.ToString(CultureInfo.InvariantCulture),
        ];
        await using var process = ChildProcess.Start("Metrix.Tests.Worker", arguments);
        var lines = new List<string>
        {
            await process.ReadLineAsync() ?? throw new InvalidOperationException("The worker did not start."),
        };
        var rest = process.ReadToEndAsync();
        await Task.Delay(
            TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, TestContext.Current.CancellationToken);
        await process.KillAsync();

        // The last line may be incomplete.
        var text = await rest;
        lines.AddRange(text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return lines;
    }

    /// <summary>
    /// Delivers the events that killed workers left, in accelerated time: a worker counts as dead after 30 seconds.
    /// </summary>
    private static async Task DrainAsync(FaultServer server, TemporaryFolder folder)
    {
        await using var client = new MetrixClient(new MetrixOptions
        {
            Apps = { [TestUser.AppId()] = new MetrixAppOptions { AppId = "app", DevKey = "key" } },
            Endpoint = server.Endpoint,
            OutboxPath = folder.File("metrix.db"),
            TimeProvider = new AcceleratedTime(100),
            RequestTimeout = TimeSpan.FromMinutes(10),
        });
        await Eventually.TrueAsync(() => folder.Count("events") == 0);
    }

    private static void AssertFewDuplicates(FaultServer server, int crashes)
    {
        Assert.All(server.Accepted, accepted => Assert.InRange(accepted.Value, 1, 2));
        Assert.InRange(
            server.Accepted.Count(accepted => accepted.Value > 1), 0, crashes * MaxDuplicatesPerCrash);
    }
}
