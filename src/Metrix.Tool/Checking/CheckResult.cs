namespace Metrix.Tool.Checking;

/// <summary>Represents the result of the check of one place that configures Metrix.</summary>
/// <param name="Place">The place: a Serilog sink, or the section that OpenTelemetry reads.</param>
/// <param name="Problems">The problems that stop the application at startup.</param>
/// <param name="Warnings">The settings that let the application start but are probably mistakes.</param>
/// <param name="Settings">Each setting with its value and its effect.</param>
internal sealed record CheckResult(
    string Place,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<CheckedSetting> Settings);
