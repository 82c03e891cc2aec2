namespace Metrix.Emulator.Validation;

/// <summary>The first thing that is wrong with a request.</summary>
internal sealed record Problem(int Status, string Reason, string? Field = null);
