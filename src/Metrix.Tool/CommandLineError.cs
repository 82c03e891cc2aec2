using System.CommandLine;
using System.CommandLine.Parsing;

namespace Metrix.Tool;

/// <summary>Reports a command line that cannot be parsed.</summary>
internal static class CommandLineError
{
    /// <summary>Writes the errors and the help of the command to standard error.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(RootCommand root, ParseResult parsed)
    {
        // System.CommandLine quotes an argument that it does not know. That argument may be a dev-key.
        var unknown = parsed.UnmatchedTokens.Select(token => $"'{token}'").ToList();
        if (unknown.Count > 0)
            Console.Error.WriteLine("An argument is unknown.");
        foreach (var error in parsed.Errors.Where(error => !unknown.Exists(error.Message.Contains)))
            Console.Error.WriteLine(error.Message);

        Console.Error.WriteLine();
        root.Parse([.. PathOf(parsed.CommandResult), "--help"])
            .Invoke(new InvocationConfiguration { Output = Console.Error });
        return ExitCode.Usage;
    }

    private static IEnumerable<string> PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? PathOf(parent).Append(command.Command.Name) : [];
}
