using System.Runtime.CompilerServices;

namespace Metrix.OpenTelemetry.Exporter.Tests.Support;

/// <summary>
/// OpenTelemetry's self-diagnostics, set up as its users do: by a file beside the program, which is read when the first
/// provider of the process is built.
/// </summary>
internal static class SelfDiagnostics
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("metrix-self-diagnostics-").FullName;

    /// <summary>What self-diagnostics wrote so far.</summary>
    public static string Read()
    {
        var text = "";
        foreach (var path in Directory.GetFiles(Folder))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            text += reader.ReadToEnd();
        }

        return text;
    }

    [ModuleInitializer]
    internal static void Enable()
    {
        File.WriteAllText(
            Path.Combine(AppContext.BaseDirectory, "OTEL_DIAGNOSTICS.json"),
            $$"""{ "LogDirectory": "{{Folder}}", "FileSize": 4096, "LogLevel": "Warning" }""");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);
    }
}
