using System.CommandLine;
using Metrix.Tool.Checking;
using Microsoft.Extensions.Configuration;
using Spectre.Console;

namespace Metrix.Tool.Commands;

/// <summary><c>metrix check</c>: what a configuration would do, before the application starts.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "An appsettings.json with a Serilog or Metrix section." };
        var json = new Option<bool>("--json") { Description = "Answers in JSON." };
        var command = new Command(
            "check", "Reads an appsettings.json as the application would, over it the environment (Metrix__DevKey), and says what is wrong and what each setting will do.")
        {
            file, json,
        };
        command.SetAction(parsed => Run(parsed.GetValue(file)!, parsed.GetValue(json)));
        return command;
    }

    private static int Run(FileInfo file, bool isJson)
    {
        IReadOnlyList<CheckResult> places;
        try
        {
            places = SettingsCheck.Run(
                new ConfigurationBuilder().AddJsonFile(file.FullName, optional: false).AddEnvironmentVariables().Build());
        }
        catch (FileNotFoundException)
        {
            return Terminal.Fail($"There is no file {file.FullName}.");
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return Terminal.Fail($"{file.FullName} cannot be read: {unreadable.GetBaseException().Message}");
        }

        if (isJson)
            Terminal.WriteJson(places);
        else
            Write(places);
        if (places.Count == 0)
            return Terminal.Fail("It has neither a section Metrix nor a Serilog sink of that name.");

        return places.All(place => place.Problems.Count == 0) ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Write(IReadOnlyList<CheckResult> places)
    {
        foreach (var place in places)
        {
            Terminal.Out.MarkupLineInterpolated($"[bold]{place.Place}[/]");
            foreach (var problem in place.Problems)
                Terminal.Out.MarkupLineInterpolated($"[red]wrong[/]    {problem}");
            foreach (var warning in place.Warnings)
                Terminal.Out.MarkupLineInterpolated($"[yellow]warning[/]  {warning}");
            if (place.Problems.Count == 0)
                Terminal.Out.MarkupLine("[green]The application can start with these settings.[/]");

            var table = new Table().Border(TableBorder.Rounded).AddColumns("setting", "value", "what it does");
            foreach (var setting in place.Settings)
            {
                table.AddRow(
                    Markup.Escape(setting.Name), Markup.Escape(setting.IsDefault ? $"{setting.Value} (default)".TrimStart() : setting.Value),
                    Markup.Escape(setting.Meaning));
            }

            Terminal.Out.Write(table);
        }
    }
}
