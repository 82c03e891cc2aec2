using System.Diagnostics.CodeAnalysis;
using Metrix.Emulator.Http;

namespace Metrix.Emulator.Validation;

/// <summary>Represents the result of validation: an event, or the first problem.</summary>
internal sealed record ValidationResult(EmulatorEvent? Event, Problem? Problem)
{
    [MemberNotNullWhen(true, nameof(Event))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsValid => Problem is null;
}
