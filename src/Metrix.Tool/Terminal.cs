using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Metrix.Tool;

/// <summary>
/// Writes tables for people and JSON for scripts. Output that is not a terminal has no colors.
/// </summary>
internal static class Terminal
{
    private const int RedirectedWidth = 240;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Gets the console for results, on standard output.</summary>
    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>Gets the console for messages that are not part of the result, on standard error.</summary>
    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Gets or sets whether errors are also written as JSON.</summary>
    public static bool UsesJson { get; set; }

    public static void WriteJson(object value) => Console.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>Writes an error message and returns the exit code.</summary>
    public static int Fail(string message)
    {
        if (UsesJson)
            WriteJson(new { error = message });
        Error.MarkupLineInterpolated($"[red]{message}[/]");
        return ExitCode.Failure;
    }

    // A file or a pipe has no colors, even if Spectre detects a build server that supports them. It has no width
    // either, so almost no line is wrapped.
    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) };
        if (!isRedirected)
            return AnsiConsole.Create(settings);

        (settings.Ansi, settings.ColorSystem) = (AnsiSupport.No, ColorSystemSupport.NoColors);
        settings.Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false };
        var console = AnsiConsole.Create(settings);
        console.Profile.Width = RedirectedWidth;
        return console;
    }
}
