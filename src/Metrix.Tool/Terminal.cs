using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Metrix.Tool;

/// <summary>
/// Where the tool writes: tables for people, without colours when it is no terminal, and JSON for scripts.
/// </summary>
internal static class Terminal
{
    private const int WidthOfNoTerminal = 240;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The answer, on standard output.</summary>
    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>What is said beside the answer, on standard error.</summary>
    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Whether a script reads the answer.</summary>
    public static bool UsesJson { get; set; }

    // Who reads it from a file or a pipe wants no colours, whatever else the environment is taken for, and has no width that
    // lines should be broken at.
    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) };
        if (!isRedirected)
            return AnsiConsole.Create(settings);

        (settings.Ansi, settings.ColorSystem) = (AnsiSupport.No, ColorSystemSupport.NoColors);
        settings.Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false };
        var console = AnsiConsole.Create(settings);
        console.Profile.Width = WidthOfNoTerminal;
        return console;
    }

    public static void WriteJson(object value) => Console.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>Says what is wrong, which is an answer too.</summary>
    public static int Fail(string message)
    {
        if (UsesJson)
            WriteJson(new { error = message });
        Error.MarkupLineInterpolated($"[red]{message}[/]");
        return ExitCode.Failure;
    }
}
