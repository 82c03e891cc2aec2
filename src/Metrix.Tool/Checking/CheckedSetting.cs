namespace Metrix.Tool.Checking;

/// <summary>Represents a setting and its effect.</summary>
/// <param name="Name">The name of the setting, in camel case.</param>
/// <param name="Value">The value as text. Secrets are masked.</param>
/// <param name="IsDefault">Whether the value is the default.</param>
/// <param name="Meaning">What the setting does with this value.</param>
internal sealed record CheckedSetting(string Name, string Value, bool IsDefault, string Meaning);
