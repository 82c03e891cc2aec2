namespace Metrix.Emulator.Http;

/// <summary>Describes the first thing that is wrong with a request.</summary>
/// <param name="Status">The HTTP status to answer with.</param>
/// <param name="Reason">What is wrong, as text for a person.</param>
/// <param name="Field">The field or header that is wrong, if it is a single one.</param>
internal sealed record Problem(int Status, string Reason, string? Field = null);
