using System.Diagnostics.CodeAnalysis;

namespace Metrix.Emulator.Validation;

/// <summary>What the emulator makes of a request: an event, or the first problem.</summary>
internal sealed record ValidationResult(EmulatorEvent? Event, Problem? Problem)
{
    [MemberNotNullWhen(true, nameof(Event))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsValid => Problem is null;
}
