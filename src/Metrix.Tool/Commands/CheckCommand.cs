using System.CommandLine;
using Metrix.Tool.Checking;
using Microsoft.Extensions.Configuration;
using Spectre.Console;

namespace Metrix.Tool.Commands;

/// <summary>Implements <c>metrix check</c>, which checks a configuration before the application starts.</summary>
internal static class CheckCommand
{
    private static readonly Argument<FileInfo> ConfigurationFile = new("file")
    {
        Description = "An appsettings.json with a Serilog or a Metrix section.",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Writes the result as JSON." };

    public static Command Create()
    {
        var command = new Command(
            "check",
            "Reads an appsettings.json and the environment (such as Metrix__DevKey) as the application does. " +
            "Reports problems and the effect of each setting.")
        {
            ConfigurationFile, Json,
        };
        command.SetAction(parsed => Run(parsed.GetValue(ConfigurationFile)!, parsed.GetValue(Json)));
        return command;
    }

    private static int Run(FileInfo file, bool usesJson)
    {
        IReadOnlyList<CheckResult> results;
        try
        {
            results = SettingsCheck.Run(
                new ConfigurationBuilder()
                    .AddJsonFile(file.FullName, optional: false)
                    .AddEnvironmentVariables()
                    .Build());
        }
        catch (FileNotFoundException)
        {
            return Terminal.Fail($"The file {file.FullName} does not exist.");
        }
        catch (Exception unreadable)
            when (unreadable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return Terminal.Fail($"{file.FullName} cannot be read: {unreadable.GetBaseException().Message}");
        }

        if (usesJson)
            Terminal.WriteJson(results);
        else
            Write(results);
        if (results.Count == 0)
            return Terminal.Fail("The configuration has neither a Metrix section nor a Serilog sink named Metrix.");

        return results.All(result => result.Problems.Count == 0) ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Write(IReadOnlyList<CheckResult> results)
    {
        foreach (var result in results)
        {
            Terminal.Out.MarkupLineInterpolated($"[bold]{result.Place}[/]");
            foreach (var problem in result.Problems)
                Terminal.Out.MarkupLineInterpolated($"[red]error[/]    {problem}");
            foreach (var warning in result.Warnings)
                Terminal.Out.MarkupLineInterpolated($"[yellow]warning[/]  {warning}");
            if (result.Problems.Count == 0)
                Terminal.Out.MarkupLine("[green]The application can start with these settings.[/]");

            var table = new Table().Border(TableBorder.Rounded).AddColumns("setting", "value", "what it does");
            foreach (var setting in result.Settings)
            {
                table.AddRow(
                    Markup.Escape(setting.Name),
                    Markup.Escape(setting.IsDefault ? $"{setting.Value} (default)".TrimStart() : setting.Value),
                    Markup.Escape(setting.Meaning));
            }

            Terminal.Out.Write(table);
        }
    }
}
