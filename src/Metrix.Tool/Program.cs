using System.CommandLine;
using System.Text;
using Metrix.Tool.Commands;

namespace Metrix.Tool;

/// <summary>Runs the .NET tool <c>metrix</c>.</summary>
internal static class Program
{
    private const string Description =
        """
        Runs Metrix on your machine and inspects your setup.

        Exit codes:
          0  Success.
          1  Failure: the event was not accepted, a setting is wrong, or a file cannot be read.
          2  The command line is wrong.
        """;

    public static async Task<int> Main(string[] arguments)
    {
        // Persian text in a slug or an attribute must not turn into question marks.
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var root = new RootCommand(Description)
        {
            EmulatorCommand.Create(), SendCommand.Create(), CheckCommand.Create(), OutboxCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
            return CommandLineError.Report(root, parsed);

        Terminal.UsesJson = arguments.Contains("--json");
        return await parsed.InvokeAsync();
    }
}
