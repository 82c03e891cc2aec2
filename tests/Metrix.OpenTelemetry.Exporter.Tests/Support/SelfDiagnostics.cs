using System.Runtime.CompilerServices;

namespace Metrix.OpenTelemetry.Exporter.Tests.Support;

/// <summary>
/// Enables OpenTelemetry's self-diagnostics as its users do: with a file next to the program. OpenTelemetry reads the
/// file when the process builds its first provider.
/// </summary>
internal static class SelfDiagnostics
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("metrix-self-diagnostics-").FullName;

    /// <summary>Reads everything that self-diagnostics has written.</summary>
    public static string Read()
    {
        var text = "";
        foreach (var path in Directory.GetFiles(Folder))
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
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
