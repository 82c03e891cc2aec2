using System.Diagnostics;
using Metrix.Client;
using Metrix.Client.Mapping;

namespace Metrix.AspNetCore.Propagation;

/// <summary>
/// Stands over the propagator that HttpClient uses, and sees the address of each request, each hop of a redirect
/// included: to hosts of the list the end user's ids go in the baggage, from requests to all others they are taken out,
/// whoever put them in.
/// </summary>
internal sealed class IdentityPropagator(DistributedContextPropagator inner, HostList hosts) : DistributedContextPropagator
{
    private const string Header = "baggage";
    private static readonly object Installing = new();

    private readonly DistributedContextPropagator _inner = inner;
    private readonly HostList _hosts = hosts;

    // The name that .NET used before the standard had one.
    private const string LegacyHeader = "Correlation-Context";

    /// <summary>Also what HttpClient clears before the next hop of a redirect.</summary>
    public override IReadOnlyCollection<string> Fields { get; } =
        [.. inner.Fields.Append(Header).Append(LegacyHeader).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Puts it over the process's propagator, once; a second list is added to the first.</summary>
    public static void Install(HostList hosts)
    {
        lock (Installing)
        {
            if (Current is not IdentityPropagator installed)
                Current = new IdentityPropagator(Current, hosts);
            else if (!installed._hosts.Includes(hosts))
                Current = new IdentityPropagator(installed._inner, installed._hosts.And(hosts));
        }
    }

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        _inner.Inject(activity, carrier, setter);
        if (carrier is not HttpRequestMessage { RequestUri: { } address } request)
            return;

        RemoveIds(request, Header);
        RemoveIds(request, LegacyHeader);
        if (_hosts.Contains(address) && MetrixContext.Current is { } identity)
            AddIds(request, identity);
    }

    public override void ExtractTraceIdAndState(
        object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        _inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
        _inner.ExtractBaggage(carrier, getter);

    private static void RemoveIds(HttpRequestMessage request, string header)
    {
        if (!request.Headers.NonValidated.TryGetValues(header, out var values))
            return;

        var members = values.SelectMany(value => value.Split(',')).ToList();
        var kept = members.Where(member => !IdentityBaggage.IsMember(NameOf(member), out _)).ToList();
        if (kept.Count == members.Count)
            return;

        request.Headers.Remove(header);
        if (kept.Count > 0)
            request.Headers.TryAddWithoutValidation(header, string.Join(",", kept));
    }

    private static void AddIds(HttpRequestMessage request, MetrixIdentity identity)
    {
        var members = request.Headers.NonValidated.TryGetValues(Header, out var values) ? values.ToList() : [];
        foreach (var (field, value) in identity.Fields())
        {
            if (value is not null && IdentityBaggage.Fields.Contains(field))
                members.Add($"{FieldNames.NameOf(field)}={Uri.EscapeDataString(value)}");
        }

        if (members.Count == 0)
            return;

        request.Headers.Remove(Header);
        request.Headers.TryAddWithoutValidation(Header, string.Join(",", members));
    }

    private static ReadOnlySpan<char> NameOf(string member)
    {
        var end = member.AsSpan().IndexOfAny('=', ';');
        return (end < 0 ? member.AsSpan() : member.AsSpan(0, end)).Trim();
    }
}
