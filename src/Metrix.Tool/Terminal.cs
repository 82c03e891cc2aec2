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
    public static IAnsiConsole Out { get; } = CreateOut();

    /// <summary>What is said beside the answer, on standard error.</summary>
    public static IAnsiConsole Error { get; } =
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    private static IAnsiConsole CreateOut()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings());

        // Who reads it from a file or a pipe has no width that lines should be broken at.
        if (Console.IsOutputRedirected)
            console.Profile.Width = WidthOfNoTerminal;
        return console;
    }

    public static void WriteJson(object value) => Console.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>Says what is wrong, which is an answer too.</summary>
    public static int Fail(string message)
    {
        Error.MarkupLineInterpolated($"[red]{message}[/]");
        return ExitCode.Bad;
    }
}
