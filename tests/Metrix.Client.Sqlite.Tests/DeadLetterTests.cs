using System.Text.Json;
using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Storage;
using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Client.Tracking;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>What was rejected, invalid or expired: kept, told of, sent again, purged.</summary>
public sealed class DeadLetterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task What_was_rejected_is_kept_with_the_answer_and_is_delivered_when_it_is_sent_again()
    {
        var isRight = false;
        await using var emulator = await Server.StartAsync(
            _ => Volatile.Read(ref isRight) ? null : new EmulatorResponse(400) { Body = "no such slug: خرید, key " + Durable.DevKey });
        await using var durable = new Durable(_folder, emulator.Endpoint, o => o.Accelerate());
        durable.Send([1, 2, 3]);
        await Durable.WhenAsync(() => durable.Books.Rejected == 3);
        await Durable.WhenAsync(() => _folder.Count("dead_letters") == 3);

        using var outbox = MetrixOutboxFile.Open(_folder.File("metrix.db"));
        var letter = outbox.EnumerateDeadLetters()[0];
        Assert.Equal(
            ("app", "taqsq", "rejected", "400", 400, "no such slug: خرید, key ***"),
            (letter.AppId, letter.Slug, letter.State, letter.Reason, letter.Status!.Value, letter.Answer));
        Assert.InRange(letter.FailedAt - letter.AcceptedAt, TimeSpan.Zero, TimeSpan.FromDays(1));
        Assert.Equal(3, outbox.GetStatus().DeadLetters["rejected"]);

        Volatile.Write(ref isRight, true);
        Assert.Equal(2, outbox.Resend(dead => dead.Id > letter.Id));
        await emulator.WaitForAsync(2);
        Assert.Equal(2, emulator.Numbers().Distinct().Count());
        await Durable.WhenAsync(() => durable.Books.Delivered == 2);
        Assert.Equal(2, durable.Books.Recovered);
        Assert.Equal(1, outbox.DeleteDeadLetters());
        Assert.Empty(outbox.EnumerateDeadLetters());
    }

    [Fact]
    public async Task What_is_invalid_is_kept_and_cannot_be_sent_again()
    {
        await using var emulator = await Server.StartAsync();
        await using var durable = new Durable(_folder, emulator.Endpoint, o => o.Redact["Phone"] = MetrixRedaction.Hash);
        durable.Client.Send(new MetrixEvent("taqsq", new MetrixIdentity { MetrixUserId = "the-user" })
        {
            Properties = new Dictionary<string, object?> { ["Name"] = "مریم", ["Phone"] = "+989121234567" },
        });
        await Durable.WhenAsync(() => _folder.Count("dead_letters") == 1);

        using var outbox = MetrixOutboxFile.Open(_folder.File("metrix.db"));
        var letter = Assert.Single(outbox.EnumerateDeadLetters());
        Assert.Equal(("invalid", "session_id_missing", false), (letter.State, letter.Reason, letter.CanBeResent));
        Assert.Contains("\"Name\":\"مریم\"", letter.Body);
        Assert.DoesNotContain("+989121234567", letter.Body);
        Assert.Equal(0, outbox.Resend());
        Assert.Single(outbox.EnumerateDeadLetters());
    }

    [Fact]
    public async Task They_are_exported_as_lines_of_JSON()
    {
        await using var emulator = await Server.StartAsync(_ => new EmulatorResponse(422) { Body = "line\nbreak" });
        await using var durable = new Durable(_folder, emulator.Endpoint);
        durable.Send([1, 2]);
        await Durable.WhenAsync(() => _folder.Count("dead_letters") == 2);

        using var outbox = MetrixOutboxFile.Open(_folder.File("metrix.db"));
        var text = new StringWriter();
        Assert.Equal(2, outbox.ExportDeadLetters(text));
        var lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement);
        Assert.Equal([1, 2], lines.Select(line => line.GetProperty("body").GetProperty("customMetrics").GetProperty("Number").GetInt32()).Order());
        Assert.All(lines, line => Assert.Equal(("line\nbreak", 422), (line.GetProperty("answer").GetString(), line.GetProperty("status").GetInt32())));
    }

    [Fact]
    public void They_are_bounded_in_number_age_and_bytes()
    {
        using var database = OutboxDatabase.Open(_folder.File("metrix.db"));
        for (var number = 0; number < 100; number++)
            database.InsertDeadLetter(new DeadLetter("app", $"s{number:D2}", 0, EventState.Rejected, "400", null, new byte[744]), now: number);

        database.TrimDeadLetters(count: 90, bytes: long.MaxValue, diedBefore: 0);
        Assert.Equal((90, 10), (database.Scalar("SELECT count(*) FROM dead_letters"), database.Scalar("SELECT min(died_at) FROM dead_letters")));
        database.TrimDeadLetters(count: 1_000, bytes: long.MaxValue, diedBefore: 20);
        Assert.Equal(80, database.Scalar("SELECT count(*) FROM dead_letters"));
        database.TrimDeadLetters(count: 1_000, bytes: 50 * 1_000, diedBefore: 0);
        Assert.Equal((50, 50), (database.Scalar("SELECT count(*) FROM dead_letters"), database.Scalar("SELECT min(died_at) FROM dead_letters")));
        database.TrimDeadLetters(count: 1_000, bytes: long.MaxValue, diedBefore: 0);
        Assert.Equal(50, database.Scalar("SELECT count(*) FROM dead_letters"));
    }

    [Fact]
    public async Task The_status_tells_what_waits()
    {
        await using var silent = await Server.StartAsync(_ => Server.Silence);
        await using var durable = new Durable(_folder, silent.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
        durable.Send(Enumerable.Range(0, 7));
        await Durable.WhenAsync(() => _folder.Count("events") == 7);

        using var outbox = MetrixOutboxFile.Open(_folder.File("metrix.db"));
        var status = outbox.GetStatus();
        Assert.Equal(("app", 7), (Assert.Single(status.Pending).AppId, status.Pending[0].Count));
        Assert.Equal(1, status.Owners);
        Assert.InRange(status.UsedBytes, 4096, 1 << 20);
        Assert.Contains("\"Number\":0", outbox.EnumeratePending(1).Single().Body);
    }

    [Fact]
    public void A_file_that_is_not_there_is_not_made()
    {
        Assert.Throws<FileNotFoundException>(() => MetrixOutboxFile.Open(_folder.File("metrix.db")));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();
}
