using System.CommandLine;
using System.Text;
using Metrix.Tool.Commands;

namespace Metrix.Tool;

/// <summary>The dotnet tool <c>metrix</c>.</summary>
internal static class Program
{
    private const string Description =
        """
        Metrix on your machine, and a look at your set-up.

        Exit codes: 0 all is well; 1 the answer is bad (not taken, a wrong setting, an unreadable file); 2 the command line is wrong.
        """;

    public static async Task<int> Main(string[] arguments)
    {
        // Persian in a slug or an attribute is shown as it is.
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var parsed = new RootCommand(Description)
        {
            EmulatorCommand.Create(), SendCommand.Create(), CheckCommand.Create(), OutboxCommand.Create(),
        }.Parse(arguments);
        Terminal.UsesJson = arguments.Contains("--json");
        var exitCode = await parsed.InvokeAsync();
        return parsed.Errors.Count > 0 ? ExitCode.Usage : exitCode;
    }
}
