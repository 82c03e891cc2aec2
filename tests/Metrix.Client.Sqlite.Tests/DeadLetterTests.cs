using System.Text.Json;
using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Storage;
using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Client.Tracking;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Tests how dead letters are kept, listed, resent, exported and deleted.</summary>
public sealed class DeadLetterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_rejected_event_is_kept_with_the_response_and_delivered_when_it_is_resent()
    {
        var isAccepting = false;
        await using var emulator = await AppEmulator.StartAsync(
            _ => Volatile.Read(ref isAccepting)
                ? null
                : new EmulatorResponse(400) { Body = "no such slug: خرید, key " + TestUser.DevKey });
        await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint);
        fixture.Send([1, 2, 3]);
        await Eventually.TrueAsync(() => fixture.Meter.Rejected == 3);
        await Eventually.TrueAsync(() => _folder.Count("dead_letters") == 3);

        using var outbox = MetrixOutboxFile.Open(_folder.File("metrix.db"));
        var letter = outbox.EnumerateDeadLetters()[0];
        Assert.Equal(
            ("app", "taqsq", "rejected", "400", 400, "no such slug: خرید, key ***"),
            (letter.AppId, letter.Slug, letter.State, letter.Reason, letter.Status!.Value, letter.Answer));
        Assert.InRange(letter.FailedAt - letter.AcceptedAt, TimeSpan.Zero, TimeSpan.FromDays(1));
        Assert.Equal(3, outbox.GetStatus().DeadLetters["rejected"]);

        Volatile.Write(ref isAccepting, true);
        Assert.Equal(2, outbox.Resend(dead => dead.Id > letter.Id));
        await emulator.WaitForAsync(2);
        Assert.Equal(2, emulator.ReceivedNumbers().Distinct().Count());
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 2);
        Assert.Equal(2, fixture.Meter.Recovered);
        Assert.Equal(1, outbox.DeleteDeadLetters());
        Assert.Empty(outbox.EnumerateDeadLetters());
    }

    [Fact]
    public async Task An_event_that_alone_is_refused_is_kept_and_does_not_hold_up_others()
    {
        await using var emulator = await AppEmulator.StartAsync(
            request => request.Body.ToArray().AsSpan().IndexOf("blocked"u8) >= 0 ? new EmulatorResponse(403) : null);
        await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint, o => o.Accelerate());
        fixture.Send([1]);
        Assert.True(await fixture.Client.FlushAsync());
        fixture.Client.Send(new MetrixEvent("blocked", TestUser.Identity()));
        var number = 1;
        await Eventually.TrueAsync(() =>
        {
            fixture.Send([++number]);
            return fixture.Meter.Rejected == 1;
        });
        Assert.True(await fixture.Client.FlushAsync());
        await Eventually.TrueAsync(() => _folder.Count("dead_letters") == 1);

        using var outbox = MetrixOutboxFile.Open(_folder.File("metrix.db"));
        var letter = Assert.Single(outbox.EnumerateDeadLetters());
        Assert.Equal(("blocked", "rejected", "403"), (letter.Slug, letter.State, letter.Reason));
        Assert.True(letter.CanBeResent);
        Assert.Equal(number, fixture.Meter.Delivered);
    }

    [Fact]
    public async Task An_invalid_event_is_kept_and_cannot_be_resent()
    {
        await using var emulator = await AppEmulator.StartAsync();
        await using var fixture = new DurableClientFixture(
            _folder, emulator.Endpoint, o => o.Redact["Phone"] = MetrixRedaction.Hash);
        fixture.Client.Send(new MetrixEvent("taqsq", new MetrixIdentity { MetrixUserId = TestUser.UserId })
        {
            Properties = new Dictionary<string, object?> { ["Name"] = "مریم", ["Phone"] = "+989121234567" },
        });
        await Eventually.TrueAsync(() => _folder.Count("dead_letters") == 1);

        using var outbox = MetrixOutboxFile.Open(_folder.File("metrix.db"));
        var letter = Assert.Single(outbox.EnumerateDeadLetters());
        Assert.Equal(("invalid", "session_id_missing", false), (letter.State, letter.Reason, letter.CanBeResent));
        Assert.Contains("\"Name\":\"مریم\"", letter.Body);
        Assert.DoesNotContain("+989121234567", letter.Body);
        Assert.Equal(0, outbox.Resend());
        Assert.Single(outbox.EnumerateDeadLetters());
    }

    [Fact]
    public async Task Dead_letters_are_exported_as_JSON_lines()
    {
        await using var emulator = await AppEmulator.StartAsync(
            _ => new EmulatorResponse(422) { Body = "line\nbreak" });
        await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint);
        fixture.Send([1, 2]);
        await Eventually.TrueAsync(() => _folder.Count("dead_letters") == 2);

        using var outbox = MetrixOutboxFile.Open(_folder.File("metrix.db"));
        var text = new StringWriter();
        Assert.Equal(2, outbox.ExportDeadLetters(text));
        var lines = text.ToString()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        Assert.Equal([1, 2], lines.Select(NumberOf).Order());
        Assert.All(lines, line => Assert.Equal("line\nbreak", line.GetProperty("answer").GetString()));
        Assert.All(lines, line => Assert.Equal(422, line.GetProperty("status").GetInt32()));

        static int NumberOf(JsonElement line) =>
            line.GetProperty("body").GetProperty("customMetrics").GetProperty("Number").GetInt32();
    }

    [Fact]
    public void Dead_letters_are_limited_in_number_age_and_size()
    {
        using var database = OutboxDatabase.Open(_folder.File("metrix.db"));
        for (var number = 0; number < 100; number++)
        {
            database.InsertDeadLetter(
                new DeadLetter("app", $"s{number:D2}", 0, EventState.Rejected, "400", null, new byte[744]),
                now: number);
        }

        database.TrimDeadLetters(count: 90, bytes: long.MaxValue, diedBefore: 0);
        Assert.Equal((90, 10), (Count(), OldestDiedAt()));
        database.TrimDeadLetters(count: 1_000, bytes: long.MaxValue, diedBefore: 20);
        Assert.Equal(80, Count());
        database.TrimDeadLetters(count: 1_000, bytes: 50 * 1_000, diedBefore: 0);
        Assert.Equal((50, 50), (Count(), OldestDiedAt()));
        database.TrimDeadLetters(count: 1_000, bytes: long.MaxValue, diedBefore: 0);
        Assert.Equal(50, Count());

        long Count() => database.Scalar("SELECT count(*) FROM dead_letters");

        long OldestDiedAt() => database.Scalar("SELECT min(died_at) FROM dead_letters");
    }

    [Fact]
    public async Task The_status_reports_pending_events_owners_and_size()
    {
        await using var unresponsive = await AppEmulator.StartUnresponsiveAsync();
        await using var fixture = new DurableClientFixture(
            _folder, unresponsive.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
        fixture.Send(Enumerable.Range(0, 7));
        await Eventually.TrueAsync(() => _folder.Count("events") == 7);

        using var outbox = MetrixOutboxFile.Open(_folder.File("metrix.db"));
        var status = outbox.GetStatus();
        Assert.Equal(("app", 7), (Assert.Single(status.Pending).AppId, status.Pending[0].Count));
        Assert.Equal(1, status.Owners);
        Assert.InRange(status.UsedBytes, 4096, 1 << 20);
        Assert.Contains("\"Number\":0", outbox.EnumeratePending(1).Single().Body);
    }

    [Fact]
    public void Open_does_not_create_a_missing_file()
    {
        Assert.Throws<FileNotFoundException>(() => MetrixOutboxFile.Open(_folder.File("metrix.db")));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();
}
