namespace Metrix.Emulator.Validation;

/// <summary>All checks in their order: the sender, the form of the body, the fields.</summary>
internal sealed class Validator(EmulatorSettings settings, KeyMask mask)
{
    private readonly Admission _admission = new(settings);
    private readonly Warnings _warnings = new(settings.EventNames);

    public ValidationResult Judge(EmulatorRequest request, string method)
    {
        var draft = new EventDraft();
        var problem = _admission.Check(request, method) ?? Content(request, draft);
        return problem is null
            ? new(new EmulatorEvent(request, draft, _warnings), null)
            : new(null, mask.Hide(request, problem));
    }

    private static Problem? Content(EmulatorRequest request, EventDraft draft)
    {
        if (ContentRules.Check(request) is { } problem) return problem;

        using var document = ContentRules.Parse(request, out problem);
        return document is null ? problem : EventRules.Check(document.RootElement, draft);
    }
}
