using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Metrix.Client.Sqlite;
using Metrix.Client.Sqlite.Storage;
using Spectre.Console;

namespace Metrix.Tool.Commands;

/// <summary><c>metrix outbox</c>: what waits in a durable outbox, and its dead letters, safe while applications use it.</summary>
internal static class OutboxCommand
{
    private static readonly TimeSpan LongestAge = TimeSpan.FromDays(3650);

    private static readonly Argument<FileInfo> Path = new("path") { Description = "The file of OutboxPath." };
    private static readonly Option<bool> Json = new("--json") { Description = "Answers in JSON." };
    private static readonly Option<int> Max = new("--max")
    {
        Description = "How many at most of each.",
        DefaultValueFactory = _ => 100,
    };

    private static readonly Option<FileInfo?> Output = new("--output") { Description = "The file to write to. Default: standard output." };
    private static readonly Option<bool> Pending = new("--pending") { Description = "What waits, instead of the dead letters." };
    private static readonly Option<bool> All = new("--all") { Description = "All of them." };
    private static readonly Option<long[]> Ids = new("--id") { Description = "Those of these ids.", DefaultValueFactory = _ => [] };
    private static readonly Option<string?> Reason = new("--reason") { Description = "Those of this reason, such as 400." };
    private static readonly Option<TimeSpan?> OlderThan = new("--older-than") { Description = "Those that died longer ago, as days.hours:minutes:seconds." };

    public static Command Create()
    {
        var status = new Command("status", "What waits, by app, and how many dead letters there are.") { Path, Json };
        status.SetAction(parsed => Use(parsed, outbox => Status(outbox, parsed.GetValue(Json))));

        var list = new Command("list", "The oldest events that wait, and the newest dead letters.") { Path, Max, Json };
        list.SetAction(parsed => Use(parsed, outbox => List(outbox, parsed.GetValue(Max), parsed.GetValue(Json))));

        var export = new Command("export", "Writes the dead letters as JSON, one a line.") { Path, Output, Pending };
        export.SetAction(parsed => Use(parsed, outbox => Export(outbox, parsed.GetValue(Output), parsed.GetValue(Pending))));

        var resend = new Command("resend", "Lets dead letters wait again, as if they were new. Invalid ones are passed over.")
        {
            Path, All, Ids, Reason, OlderThan, Json,
        };
        AskForWhich(resend);
        resend.SetAction(parsed => Use(parsed, outbox => Tell(parsed, outbox.Resend(Which(parsed)), "wait to be sent again")));

        var purge = new Command("purge", "Deletes dead letters.") { Path, All, Ids, Reason, OlderThan, Json };
        AskForWhich(purge);
        purge.SetAction(parsed => Use(parsed, outbox => Tell(parsed, outbox.DeleteDeadLetters(Which(parsed)), "were deleted")));

        return new Command("outbox", "Looks into a durable outbox, while applications use it.") { status, list, export, resend, purge };
    }

    private static void AskForWhich(Command command) => command.Validators.Add(result =>
    {
        var age = result.GetResult(OlderThan) is { Tokens: [var text, ..] } && TimeSpan.TryParse(text.Value, CultureInfo.InvariantCulture, out var parsed)
            ? parsed : (TimeSpan?)null;
        if (age is { } given && (given < TimeSpan.Zero || given > LongestAge))
            result.AddError("--older-than takes a time of up to 3650 days.");
        else if (result.GetResult(Ids) is null or { Implicit: true } && result.GetResult(Reason) is null && age is null && !result.GetValue(All))
            result.AddError("Say which: --all, --id, --reason or --older-than.");
    });

    private static Func<MetrixDeadLetter, bool> Which(ParseResult parsed)
    {
        var ids = parsed.GetValue(Ids)!;
        var reason = parsed.GetValue(Reason);
        var diedBefore = DateTimeOffset.UtcNow - parsed.GetValue(OlderThan);
        return letter => (ids.Length == 0 || ids.Contains(letter.Id)) && (reason is null || letter.Reason == reason)
            && (diedBefore is null || letter.FailedAt < diedBefore);
    }

    private static int Use(ParseResult parsed, Func<MetrixOutboxFile, int> use)
    {
        try
        {
            using var outbox = MetrixOutboxFile.Open(parsed.GetValue(Path)!.FullName);
            return use(outbox);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Terminal.Fail(unreadable.Message);
        }
        catch (DbException trouble)
        {
            return Terminal.Fail($"{parsed.GetValue(Path)!.FullName}: {StorageErrorText.Of(trouble)}");
        }
    }

    private static int Status(MetrixOutboxFile outbox, bool isJson)
    {
        var status = outbox.GetStatus();
        if (isJson)
        {
            Terminal.WriteJson(status);
            return ExitCode.Success;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("app", "waiting", "oldest");
        foreach (var app in status.Pending)
            table.AddRow(Markup.Escape(app.AppId), Number(app.Count), Time(app.OldestAcceptedAt));
        if (status.Pending.Count > 0)
            Terminal.Out.Write(table);
        else
            Terminal.Out.MarkupLine("[green]Nothing waits.[/]");

        var letters = status.DeadLetters.Count == 0 ? "none" : string.Join(", ", status.DeadLetters.Select(pair => $"{Number(pair.Value)} {pair.Key}"));
        Terminal.Out.MarkupLineInterpolated($"Dead letters: {letters}");
        Terminal.Out.MarkupLineInterpolated($"In use by {status.Owners}; {Number(status.UsedBytes / 1024)} KiB");
        return ExitCode.Success;
    }

    private static int List(MetrixOutboxFile outbox, int max, bool isJson)
    {
        var pending = outbox.EnumeratePending(max);
        var letters = outbox.EnumerateDeadLetters().TakeLast(max).Reverse().ToList();
        if (isJson)
        {
            Terminal.WriteJson(new { pending, deadLetters = letters });
            return ExitCode.Success;
        }

        var waiting = new Table().Border(TableBorder.Rounded).Title("waiting").AddColumns("id", "app", "slug", "accepted");
        foreach (var waits in pending)
            waiting.AddRow(Number(waits.Id), Markup.Escape(waits.AppId), Markup.Escape(waits.Slug), Time(waits.AcceptedAt));
        Terminal.Out.Write(waiting);

        var dead = new Table().Border(TableBorder.Rounded).Title("dead letters").AddColumns("id", "app", "slug", "died", "why", "answer");
        foreach (var letter in letters)
        {
            dead.AddRow(
                Number(letter.Id), Markup.Escape(letter.AppId ?? ""), Markup.Escape(letter.Slug), Time(letter.FailedAt),
                Markup.Escape($"{letter.State} {letter.Reason}".TrimEnd()), Markup.Escape(letter.Answer ?? ""));
        }

        Terminal.Out.Write(dead);
        return ExitCode.Success;
    }

    private static int Export(MetrixOutboxFile outbox, FileInfo? output, bool isPending)
    {
        if (output is null)
        {
            _ = isPending ? outbox.ExportPending(Console.Out) : outbox.ExportDeadLetters(Console.Out);
            return ExitCode.Success;
        }

        // Events hold the ids of end users: the file is its owner's alone, as the outbox is.
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
        Terminal.Error.WriteLine($"{Number(count)} lines in {output.FullName}");
        return ExitCode.Success;
    }

    private static int Tell(ParseResult parsed, int count, string what)
    {
        if (parsed.GetValue(Json))
            Terminal.WriteJson(new { count });
        else
            Terminal.Out.WriteLine($"{Number(count)} dead letters {what}.");
        return ExitCode.Success;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
