namespace Metrix.Tool.Checking;

/// <summary>
/// One place of a configuration that sets Metrix up, and what was found there.
/// </summary>
/// <param name="Place">Which place: a sink of Serilog, or the section that OpenTelemetry reads.</param>
/// <param name="Problems">What stops the application at its start.</param>
/// <param name="Warnings">What lets it start, and is hardly meant so.</param>
/// <param name="Settings">Each setting, its value, and what it will do.</param>
internal sealed record CheckResult(
    string Place, IReadOnlyList<string> Problems, IReadOnlyList<string> Warnings, IReadOnlyList<CheckedSetting> Settings);

/// <summary>A setting, its value as text without secrets, whether that is the default, and what it will do.</summary>
internal sealed record CheckedSetting(string Name, string Value, bool IsDefault, string Meaning);
