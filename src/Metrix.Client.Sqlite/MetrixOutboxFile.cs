using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Metrix.Client.Sqlite.Storage;
using Microsoft.Data.Sqlite;

namespace Metrix.Client.Sqlite;

/// <summary>
/// Provides access to an outbox file: its waiting events and dead letters. Applications may use the file at the same
/// time. Not thread-safe.
/// </summary>
public sealed class MetrixOutboxFile : IDisposable
{
    private const string LetterColumns = "id, app, slug, accepted_at, died_at, state, reason, status, answer, body";

    private readonly OutboxDatabase _database;

    private MetrixOutboxFile(OutboxDatabase database) => _database = database;

    /// <summary>Opens an existing outbox file.</summary>
    /// <param name="path">The path in <see cref="MetrixOptions.OutboxPath"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="IOException">The file is not an outbox file, is damaged, or cannot be opened.</exception>
    public static MetrixOutboxFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"The outbox file {path} does not exist.", path);
        if (new FileInfo(path).Length == 0)
            throw new IOException($"{path} is empty and not an outbox file.");

        try
        {
            return new MetrixOutboxFile(OutboxDatabase.OpenExisting(path));
        }
        catch (ForeignFileException exception)
        {
            throw new IOException($"{path} is not an outbox file of this version: {exception.Message}.", exception);
        }
        catch (SqliteException exception)
        {
            throw new IOException($"{path} cannot be read: {StorageErrorText.Of(exception)}.", exception);
        }
    }

    /// <summary>Returns the status of the file.</summary>
    public MetrixOutboxStatus GetStatus()
    {
        var pending = new List<MetrixAppBacklog>();
        const string PendingSql = "SELECT app, count(*), min(accepted_at) FROM events GROUP BY app ORDER BY app";
        using (var reader = _database.Command(PendingSql).ExecuteReader())
        {
            while (reader.Read())
                pending.Add(new(reader.GetString(0), reader.GetInt64(1), Time(reader.GetInt64(2))));
        }

        var letters = new Dictionary<string, long>();
        const string LettersSql = "SELECT state, count(*) FROM dead_letters GROUP BY state ORDER BY state";
        using (var reader = _database.Command(LettersSql).ExecuteReader())
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

    /// <summary>Returns the waiting events, oldest first.</summary>
    /// <param name="max">The maximum number of events. Default 1,000.</param>
    public IReadOnlyList<MetrixPendingEvent> EnumeratePending(int max = 1_000)
    {
        var pending = new List<MetrixPendingEvent>();
        const string Sql = "SELECT id, app, slug, accepted_at, body FROM events ORDER BY id LIMIT $max";
        using var reader = _database.Command(Sql, ("$max", (long)max)).ExecuteReader();
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

    /// <summary>Returns all dead letters, oldest first.</summary>
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

    /// <summary>Writes all dead letters as JSON Lines, oldest first. The body is a JSON object.</summary>
    /// <param name="into">The writer.</param>
    /// <param name="progress">Called after each line with the number of lines written and in total. Default
    /// null.</param>
    /// <returns>The number of lines.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="into"/> is null.</exception>
    public int ExportDeadLetters(TextWriter into, Action<int, int>? progress = null) =>
        Export(EnumerateDeadLetters(), into, Write, progress);

    /// <summary>Writes all waiting events as JSON Lines, oldest first. The body is a JSON object.</summary>
    /// <inheritdoc cref="ExportDeadLetters"/>
    public int ExportPending(TextWriter into, Action<int, int>? progress = null) =>
        Export(EnumeratePending(int.MaxValue), into, Write, progress);

    /// <summary>
    /// Queues dead letters again, as if they were new. A running application sends them within seconds, otherwise the
    /// next start does.
    /// </summary>
    /// <param name="which">Selects the dead letters. Default null: all. Those that cannot be resent
    /// (<see cref="MetrixDeadLetter.CanBeResent"/>) are never selected.</param>
    /// <returns>The number of queued events.</returns>
    public int Resend(Func<MetrixDeadLetter, bool>? which = null)
    {
        var letters = EnumerateDeadLetters()
            .Where(letter => letter.CanBeResent && (which?.Invoke(letter) ?? true)).ToList();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var owner = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & long.MaxValue;
        var count = 0;
        _database.InTransaction(() =>
        {
            // With a closed owner, so that any client that delivers for the app claims them.
            _database.Register(owner, "resent", now);
            foreach (var letter in letters)
            {
                // Another process may have resent or deleted it meanwhile.
                if (_database.Execute("DELETE FROM dead_letters WHERE id = $id", ("$id", letter.Id)) == 0)
                    continue;

                count++;
                _database.Execute(
                    """
                    INSERT INTO events (owner, resting, app, slug, accepted_at, body)
                    VALUES ($owner, 1, $app, $slug, $now, $body)
                    """,
                    ("$owner", owner), ("$app", letter.AppId), ("$slug", letter.Slug), ("$now", now),
                    ("$body", Encoding.UTF8.GetBytes(letter.Body!)));
            }

            _database.Resign(owner);
        });
        return count;
    }

    /// <summary>Deletes dead letters.</summary>
    /// <param name="which">Selects the dead letters. Default null: all.</param>
    /// <returns>The number of deleted dead letters.</returns>
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

    private static int Export<T>(
        IReadOnlyList<T> all, TextWriter into, Action<Utf8JsonWriter, T> write, Action<int, int>? progress)
    {
        ArgumentNullException.ThrowIfNull(into);
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using var writer = new Utf8JsonWriter(stream, options);
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
