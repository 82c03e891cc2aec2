using System.Diagnostics;
using Metrix.Client;
using Metrix.Client.Mapping;

namespace Metrix.AspNetCore.Propagation;

/// <summary>
/// Adds the end user's ids to the baggage of requests to listed hosts, and removes them from requests to all other
/// hosts, whatever code added them.
/// </summary>
/// <remarks>
/// It wraps the propagator of HttpClient, which gets the address of each request, including each hop of a redirect.
/// </remarks>
internal sealed class IdentityPropagator(DistributedContextPropagator inner, HostList hosts)
    : DistributedContextPropagator
{
    private const string BaggageHeader = "baggage";

    // The header that .NET used before the W3C standard.
    private const string LegacyBaggageHeader = "Correlation-Context";

    private static readonly object InstallLock = new();

    private readonly DistributedContextPropagator _inner = inner;
    private readonly HostList _hosts = hosts;

    /// <summary>Gets the headers to inject. HttpClient clears them before the next hop of a redirect.</summary>
    public override IReadOnlyCollection<string> Fields { get; } =
        [.. inner.Fields.Append(BaggageHeader).Append(LegacyBaggageHeader).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>
    /// Wraps the propagator of the process. A later call adds its hosts to the existing list instead of wrapping again.
    /// </summary>
    public static void Install(HostList hosts)
    {
        lock (InstallLock)
        {
            if (Current is not IdentityPropagator installed)
                Current = new IdentityPropagator(Current, hosts);
            else if (!installed._hosts.Includes(hosts))
                Current = new IdentityPropagator(installed._inner, installed._hosts.Union(hosts));
        }
    }

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        _inner.Inject(activity, carrier, setter);
        if (carrier is not HttpRequestMessage { RequestUri: { } address } request)
            return;

        RemoveIds(request, BaggageHeader);
        RemoveIds(request, LegacyBaggageHeader);
        if (_hosts.Contains(address) && MetrixContext.Current is { } identity)
            AddIds(request, identity);
    }

    public override void ExtractTraceIdAndState(
        object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        _inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(
        object? carrier, PropagatorGetterCallback? getter) =>
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
        var members = request.Headers.NonValidated.TryGetValues(BaggageHeader, out var values) ? values.ToList() : [];
        foreach (var (field, value) in identity.Fields())
        {
            if (value is not null && IdentityBaggage.Fields.Contains(field))
                members.Add($"{FieldNames.NameOf(field)}={Uri.EscapeDataString(value)}");
        }

        if (members.Count == 0)
            return;

        request.Headers.Remove(BaggageHeader);
        request.Headers.TryAddWithoutValidation(BaggageHeader, string.Join(",", members));
    }

    private static ReadOnlySpan<char> NameOf(string member)
    {
        var end = member.AsSpan().IndexOfAny('=', ';');
        return (end < 0 ? member.AsSpan() : member.AsSpan(0, end)).Trim();
    }
}
