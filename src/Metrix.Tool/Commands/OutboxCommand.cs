using System.CommandLine;
using System.CommandLine.Parsing;
using System.Data.Common;
using System.Globalization;
using Metrix.Client.Sqlite;
using Metrix.Client.Sqlite.Storage;
using Spectre.Console;

namespace Metrix.Tool.Commands;

/// <summary>
/// Implements <c>metrix outbox</c>, which shows and edits a durable outbox. It is safe while applications use the file.
/// </summary>
internal static class OutboxCommand
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(3650);

    private static readonly Argument<FileInfo> Path = new("path") { Description = "The file that OutboxPath names." };
    private static readonly Option<bool> Json = new("--json") { Description = "Writes the result as JSON." };
    private static readonly Option<int> Max = new("--max")
    {
        Description = "The maximum number of events, and of dead letters.",
        DefaultValueFactory = _ => 100,
    };

    private static readonly Option<FileInfo?> Output = new("--output")
    {
        Description = "The file to write to. Default: standard output.",
    };

    private static readonly Option<bool> Pending = new("--pending")
    {
        Description = "Exports the pending events instead of the dead letters.",
    };

    private static readonly Option<bool> All = new("--all") { Description = "Selects all dead letters." };
    private static readonly Option<long[]> Ids = new("--id")
    {
        Description = "Selects the dead letters with these ids.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> Reason = new("--reason")
    {
        Description = "Selects the dead letters with this reason, such as 400.",
    };

    private static readonly Option<TimeSpan?> OlderThan = new("--older-than")
    {
        Description = "Selects the dead letters that failed longer ago, as days.hours:minutes:seconds.",
    };

    public static Command Create()
    {
        var status = new Command("status", "Shows the pending events by app, and the number of dead letters.")
        {
            Path, Json,
        };
        status.SetAction(parsed => WithOutbox(parsed, outbox => WriteStatus(outbox, parsed.GetValue(Json))));

        var list = new Command("list", "Lists the oldest pending events and the newest dead letters.")
        {
            Path, Max, Json,
        };
        list.SetAction(parsed => WithOutbox(
            parsed, outbox => WriteList(outbox, parsed.GetValue(Max), parsed.GetValue(Json))));

        var export = new Command("export", "Writes the dead letters as JSON, one per line.") { Path, Output, Pending };
        export.SetAction(parsed => WithOutbox(
            parsed, outbox => Export(outbox, parsed.GetValue(Output), parsed.GetValue(Pending))));

        var resend = new Command("resend", "Queues dead letters again as new events. Skips invalid ones.")
        {
            Path, All, Ids, Reason, OlderThan, Json,
        };
        resend.Validators.Add(RequireSelection);
        resend.SetAction(parsed => WithOutbox(
            parsed, outbox => WriteCount(parsed, outbox.Resend(SelectorOf(parsed)), "are queued again")));

        var purge = new Command("purge", "Deletes dead letters.") { Path, All, Ids, Reason, OlderThan, Json };
        purge.Validators.Add(RequireSelection);
        purge.SetAction(parsed => WithOutbox(
            parsed, outbox => WriteCount(parsed, outbox.DeleteDeadLetters(SelectorOf(parsed)), "were deleted")));

        return new Command("outbox", "Shows and edits a durable outbox, even while applications use it.")
        {
            status, list, export, resend, purge,
        };
    }

    private static void RequireSelection(CommandResult result)
    {
        var age = result.GetResult(OlderThan) is { Tokens: [var text, ..] }
            && TimeSpan.TryParse(text.Value, CultureInfo.InvariantCulture, out var parsed)
                ? parsed
                : (TimeSpan?)null;
        var hasIds = result.GetResult(Ids) is { Implicit: false };
        if (age < TimeSpan.Zero || age > MaxAge)
            result.AddError("--older-than takes a time of up to 3650 days.");
        else if (!hasIds && result.GetResult(Reason) is null && age is null && !result.GetValue(All))
            result.AddError("Select dead letters with --all, --id, --reason or --older-than.");
    }

    private static Func<MetrixDeadLetter, bool> SelectorOf(ParseResult parsed)
    {
        var ids = parsed.GetValue(Ids)!;
        var reason = parsed.GetValue(Reason);
        var failedBefore = TimeProvider.System.GetUtcNow() - parsed.GetValue(OlderThan);
        return letter => (ids.Length == 0 || ids.Contains(letter.Id))
            && (reason is null || letter.Reason == reason)
            && (failedBefore is null || letter.FailedAt < failedBefore);
    }

    private static int WithOutbox(ParseResult parsed, Func<MetrixOutboxFile, int> action)
    {
        var path = parsed.GetValue(Path)!.FullName;
        try
        {
            using var outbox = MetrixOutboxFile.Open(path);
            return action(outbox);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Terminal.Fail(unreadable.Message);
        }
        catch (DbException storageError)
        {
            return Terminal.Fail($"{path}: {StorageErrorText.Of(storageError)}");
        }
    }

    private static int WriteStatus(MetrixOutboxFile outbox, bool usesJson)
    {
        var status = outbox.GetStatus();
        if (usesJson)
        {
            Terminal.WriteJson(status);
            return ExitCode.Success;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("app", "pending", "oldest");
        foreach (var app in status.Pending)
            table.AddRow(Markup.Escape(app.AppId), Format(app.Count), Format(app.OldestAcceptedAt));
        if (status.Pending.Count > 0)
            Terminal.Out.Write(table);
        else
            Terminal.Out.MarkupLine("[green]No events are pending.[/]");

        var letters = status.DeadLetters.Select(pair => $"{Format(pair.Value)} {pair.Key}").DefaultIfEmpty("none");
        Terminal.Out.MarkupLineInterpolated($"Dead letters: {string.Join(", ", letters)}");
        Terminal.Out.MarkupLineInterpolated($"In use by {status.Owners}; {Format(status.UsedBytes / 1024)} KiB");
        return ExitCode.Success;
    }

    private static int WriteList(MetrixOutboxFile outbox, int max, bool usesJson)
    {
        var pending = outbox.EnumeratePending(max);
        var letters = outbox.EnumerateDeadLetters().TakeLast(max).Reverse().ToList();
        if (usesJson)
        {
            Terminal.WriteJson(new { pending, deadLetters = letters });
            return ExitCode.Success;
        }

        var pendingTable = new Table().Border(TableBorder.Rounded).Title("pending events")
            .AddColumns("id", "app", "slug", "accepted");
        foreach (var item in pending)
        {
            pendingTable.AddRow(
                Format(item.Id), Markup.Escape(item.AppId), Markup.Escape(item.Slug), Format(item.AcceptedAt));
        }

        Terminal.Out.Write(pendingTable);

        var letterTable = new Table().Border(TableBorder.Rounded).Title("dead letters")
            .AddColumns("id", "app", "slug", "failed", "reason", "answer");
        foreach (var letter in letters)
        {
            letterTable.AddRow(
                Format(letter.Id),
                Markup.Escape(letter.AppId ?? ""),
                Markup.Escape(letter.Slug),
                Format(letter.FailedAt),
                Markup.Escape($"{letter.State} {letter.Reason}".TrimEnd()),
                Markup.Escape(letter.Answer ?? ""));
        }

        Terminal.Out.Write(letterTable);
        return ExitCode.Success;
    }

    private static int Export(MetrixOutboxFile outbox, FileInfo? output, bool isPending)
    {
        if (output is null)
        {
            _ = isPending ? outbox.ExportPending(Console.Out) : outbox.ExportDeadLetters(Console.Out);
            return ExitCode.Success;
        }

        // Events contain the ids of end users. Like the outbox, only the owner may read the file.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(output.FullName, options);
        var count = Terminal.Error.Progress().Start(progress =>
        {
            var task = progress.AddTask("export");
            return isPending ? outbox.ExportPending(writer, Report) : outbox.ExportDeadLetters(writer, Report);

            void Report(int done, int all) => (task.MaxValue, task.Value) = (all, done);
        });
        Terminal.Error.WriteLine($"Wrote {Format(count)} lines to {output.FullName}.");
        return ExitCode.Success;
    }

    private static int WriteCount(ParseResult parsed, int count, string outcome)
    {
        if (parsed.GetValue(Json))
            Terminal.WriteJson(new { count });
        else
            Terminal.Out.WriteLine($"{Format(count)} dead letters {outcome}.");
        return ExitCode.Success;
    }

    private static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
