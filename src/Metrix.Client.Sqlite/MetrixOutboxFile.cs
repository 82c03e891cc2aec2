using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Metrix.Client.Sqlite.Storage;
using Microsoft.Data.Sqlite;

namespace Metrix.Client.Sqlite;

/// <summary>
/// An outbox file, for whoever looks into it: what waits, and the dead letters. Safe while applications use the file; for one
/// thread.
/// </summary>
public sealed class MetrixOutboxFile : IDisposable
{
    private const string LetterColumns = "id, app, slug, accepted_at, died_at, state, reason, status, answer, body";

    private readonly OutboxDatabase _database;

    private MetrixOutboxFile(OutboxDatabase database) => _database = database;

    /// <summary>Opens a file that is there.</summary>
    /// <param name="path">The file of <see cref="MetrixOptions.OutboxPath"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It is no outbox file, is damaged, or cannot be opened.</exception>
    public static MetrixOutboxFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no outbox at {path}.", path);
        if (new FileInfo(path).Length == 0)
            throw new IOException($"{path} is empty, and no outbox.");

        try
        {
            return new MetrixOutboxFile(OutboxDatabase.OpenExisting(path));
        }
        catch (ForeignFileException exception)
        {
            throw new IOException($"{path} is no outbox of this version: {exception.Message}.", exception);
        }
        catch (SqliteException exception)
        {
            throw new IOException($"{path} cannot be read: {StorageErrorText.Of(exception)}.", exception);
        }
    }

    /// <summary>How it stands with the file.</summary>
    public MetrixOutboxStatus GetStatus()
    {
        var pending = new List<MetrixAppBacklog>();
        using (var reader = _database.Command("SELECT app, count(*), min(accepted_at) FROM events GROUP BY app ORDER BY app").ExecuteReader())
        {
            while (reader.Read())
                pending.Add(new(reader.GetString(0), reader.GetInt64(1), Time(reader.GetInt64(2))));
        }

        var letters = new Dictionary<string, long>();
        using (var reader = _database.Command("SELECT state, count(*) FROM dead_letters GROUP BY state ORDER BY state").ExecuteReader())
        {
            while (reader.Read())
                letters.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return new MetrixOutboxStatus
        {
            UsedBytes = _database.UsedBytes(),
            Owners = (int)_database.Scalar("SELECT count(*) FROM owners WHERE is_closed = 0"),
            Pending = pending,
            DeadLetters = letters,
        };
    }

    /// <summary>What waits to be delivered, the oldest first.</summary>
    /// <param name="max">How many at most. Default 1,000.</param>
    public IReadOnlyList<MetrixPendingEvent> EnumeratePending(int max = 1_000)
    {
        var pending = new List<MetrixPendingEvent>();
        using var reader = _database.Command(
            "SELECT id, app, slug, accepted_at, body FROM events ORDER BY id LIMIT $max", ("$max", (long)max)).ExecuteReader();
        while (reader.Read())
        {
            pending.Add(new MetrixPendingEvent
            {
                Id = reader.GetInt64(0),
                AppId = reader.GetString(1),
                Slug = reader.GetString(2),
                AcceptedAt = Time(reader.GetInt64(3)),
                Body = Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(4)),
            });
        }

        return pending;
    }

    /// <summary>All dead letters, the oldest first.</summary>
    public IReadOnlyList<MetrixDeadLetter> EnumerateDeadLetters()
    {
        var letters = new List<MetrixDeadLetter>();
        using var reader = _database.Command($"SELECT {LetterColumns} FROM dead_letters ORDER BY id").ExecuteReader();
        while (reader.Read())
        {
            letters.Add(new MetrixDeadLetter
            {
                Id = reader.GetInt64(0),
                AppId = reader.IsDBNull(1) ? null : reader.GetString(1),
                Slug = reader.GetString(2),
                AcceptedAt = Time(reader.GetInt64(3)),
                FailedAt = Time(reader.GetInt64(4)),
                State = reader.GetString(5),
                Reason = reader.GetString(6),
                Status = reader.IsDBNull(7) ? null : reader.GetInt32(7),
                Answer = reader.IsDBNull(8) ? null : reader.GetString(8),
                Body = reader.IsDBNull(9) ? null : Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(9)),
            });
        }

        return letters;
    }

    /// <summary>Writes all dead letters as JSON, one a line, the oldest first; the body is JSON within it.</summary>
    /// <param name="into">Where to.</param>
    /// <param name="progress">Called after each with how many are written, of how many. Default null.</param>
    /// <returns>How many.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="into"/> is null.</exception>
    public int ExportDeadLetters(TextWriter into, Action<int, int>? progress = null) =>
        Export(EnumerateDeadLetters(), into, Write, progress);

    /// <summary>Writes all that waits as JSON, one a line, the oldest first; the body is JSON within it.</summary>
    /// <inheritdoc cref="ExportDeadLetters"/>
    public int ExportPending(TextWriter into, Action<int, int>? progress = null) =>
        Export(EnumeratePending(int.MaxValue), into, Write, progress);

    /// <summary>
    /// Lets dead letters wait again, as if they were new. A running application takes them up within some seconds, and else the
    /// next start.
    /// </summary>
    /// <param name="which">Which of them. Default null: all that <see cref="MetrixDeadLetter.CanBeResent"/>; those that cannot be
    /// are passed over either way.</param>
    /// <returns>How many.</returns>
    public int Resend(Func<MetrixDeadLetter, bool>? which = null)
    {
        var letters = EnumerateDeadLetters().Where(letter => letter.CanBeResent && (which?.Invoke(letter) ?? true)).ToList();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var owner = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & long.MaxValue;
        var count = 0;
        _database.InTransaction(() =>
        {
            // Of an owner that is done, so that whoever delivers for the app takes them over.
            _database.Register(owner, "resent", now);
            foreach (var letter in letters)
            {
                // Another may have sent it again meanwhile, or purged it.
                if (_database.Execute("DELETE FROM dead_letters WHERE id = $id", ("$id", letter.Id)) == 0)
                    continue;

                count++;
                _database.Execute(
                    "INSERT INTO events (owner, resting, app, slug, accepted_at, body) VALUES ($owner, 1, $app, $slug, $now, $body)",
                    ("$owner", owner), ("$app", letter.AppId), ("$slug", letter.Slug), ("$now", now),
                    ("$body", Encoding.UTF8.GetBytes(letter.Body!)));
            }

            _database.Resign(owner);
        });
        return count;
    }

    /// <summary>Deletes dead letters.</summary>
    /// <param name="which">Which of them. Default null: all.</param>
    /// <returns>How many.</returns>
    public int DeleteDeadLetters(Func<MetrixDeadLetter, bool>? which = null)
    {
        var letters = EnumerateDeadLetters().Where(letter => which?.Invoke(letter) ?? true).ToList();
        var count = 0;
        _database.InTransaction(() =>
        {
            foreach (var letter in letters)
                count += _database.Execute("DELETE FROM dead_letters WHERE id = $id", ("$id", letter.Id));
        });
        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static int Export<T>(IReadOnlyList<T> all, TextWriter into, Action<Utf8JsonWriter, T> write, Action<int, int>? progress)
    {
        ArgumentNullException.ThrowIfNull(into);
        using var stream = new MemoryStream();
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        for (var i = 0; i < all.Count; i++)
        {
            stream.SetLength(0);
            writer.Reset();
            writer.WriteStartObject();
            write(writer, all[i]);
            writer.WriteEndObject();
            writer.Flush();
            into.WriteLine(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
            progress?.Invoke(i + 1, all.Count);
        }

        return all.Count;
    }

    private static void Write(Utf8JsonWriter writer, MetrixPendingEvent pending)
    {
        writer.WriteNumber("id", pending.Id);
        writer.WriteString("app", pending.AppId);
        writer.WriteString("slug", pending.Slug);
        writer.WriteString("acceptedAt", pending.AcceptedAt);
        writer.WritePropertyName("body");
        writer.WriteRawValue(pending.Body);
    }

    private static void Write(Utf8JsonWriter writer, MetrixDeadLetter letter)
    {
        writer.WriteNumber("id", letter.Id);
        writer.WriteString("app", letter.AppId);
        writer.WriteString("slug", letter.Slug);
        writer.WriteString("acceptedAt", letter.AcceptedAt);
        writer.WriteString("failedAt", letter.FailedAt);
        writer.WriteString("state", letter.State);
        writer.WriteString("reason", letter.Reason);
        if (letter.Status is { } status)
            writer.WriteNumber("status", status);
        if (letter.Answer is not null)
            writer.WriteString("answer", letter.Answer);
        writer.WritePropertyName("body");
        if (letter.Body is null)
            writer.WriteNullValue();
        else
            writer.WriteRawValue(letter.Body);
    }
}
