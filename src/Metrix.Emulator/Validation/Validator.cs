using System.Collections.Frozen;
using System.Net;
using Metrix.Emulator.Http;

namespace Metrix.Emulator.Validation;

/// <summary>Validates a request: first its sender, then the form of its body, then the fields.</summary>
internal sealed class Validator(
    FrozenDictionary<string, string> apps,
    FrozenSet<IPAddress> allowedAddresses,
    FrozenDictionary<string, string> eventNames,
    KeyMask mask)
{
    private readonly SenderRules _senderRules = new(apps, allowedAddresses);
    private readonly EventWarnings _warnings = new(eventNames);

    public ValidationResult Validate(EmulatorRequest request)
    {
        var parsed = new ParsedEvent();
        var problem = _senderRules.Check(request) ?? CheckBody(request, parsed);
        if (problem is not null) return new(null, mask.Hide(request, problem));

        var received = parsed.ToEvent(request);
        received.Warnings = _warnings.Find(received);
        return new(received, null);
    }

    private static Problem? CheckBody(EmulatorRequest request, ParsedEvent parsed)
    {
        if (ContentRules.Check(request) is { } problem) return problem;

        using var document = ContentRules.Parse(request, out problem);
        return document is null ? problem : EventRules.Check(document.RootElement, parsed);
    }
}
