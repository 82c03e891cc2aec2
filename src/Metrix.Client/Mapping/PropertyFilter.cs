namespace Metrix.Client.Mapping;

/// <summary>What the object that a property lies in means for it.</summary>
internal enum ParentRule
{
    /// <summary>Nothing: it is judged by its own name.</summary>
    None,

    /// <summary>The object is included by its name, and so is all that lies in it.</summary>
    Included,

    /// <summary>The object is left out, and of what lies in it only that may leave which is included by its own name.</summary>
    Excluded,
}

/// <summary>
/// Which properties leave the application: all but those that are excluded or that frameworks add for their own ends,
/// and of these again those that are included by name.
/// </summary>
internal sealed class PropertyFilter(IEnumerable<string> include, IEnumerable<string> exclude, IEnumerable<string> builtIn)
{
    /// <summary>What frameworks add to log events and log records.</summary>
    public static IReadOnlyList<string> LoggingNoise { get; } =
    [
        "SourceContext", "EventId", "RequestId", "RequestPath", "ConnectionId", "ActionId", "ActionName", "SpanId",
        "TraceId", "ParentId", "MachineName", "ThreadId", "ThreadName", "ProcessId", "Application", "EnvironmentName",
        "{OriginalFormat}",
    ];

    /// <summary>
    /// What instrumentation adds to activities: the namespaces of the OpenTelemetry semantic conventions
    /// (https://opentelemetry.io/docs/specs/semconv/registry/attributes/).
    /// </summary>
    public static IReadOnlyList<string> TracingNoise { get; } =
    [
        "artifact.*", "aspnetcore.*", "aws.*", "azure.*", "browser.*", "cicd.*", "client.*", "cloud.*", "cloudevents.*", "code.*",
        "container.*", "cpu.*", "cpython.*", "db.*", "deployment.*", "destination.*", "disk.*", "dns.*", "dotnet.*", "elasticsearch.*",
        "enduser.*", "error.*", "exception.*", "faas.*", "feature_flag.*", "file.*", "gcp.*", "gen_ai.*", "graphql.*", "heroku.*",
        "host.*", "http.*", "hw.*", "jvm.*", "k8s.*", "kestrel.*", "linux.*", "log.*", "message.*", "messaging.*", "net.*",
        "network.*", "nodejs.*", "oci.*", "opentracing.*", "os.*", "otel.*", "peer.*", "process.*", "profile.*", "rpc.*", "server.*",
        "service.*", "session.*", "signalr.*", "source.*", "system.*", "telemetry.*", "thread.*", "tls.*", "url.*", "user.*",
        "user_agent.*", "v8js.*", "vcs.*", "webengine.*",
    ];

    private readonly NameSet _include = new(include);
    private readonly NameSet _exclude = new(exclude);
    private readonly NameSet _builtIn = new(builtIn);

    /// <summary>
    /// Whether a property may leave. The built-in list is for what stands on the record itself: a member of the same
    /// name in the application's own object is the application's.
    /// </summary>
    public bool Allows(string name, bool isOnRecord, ParentRule within = ParentRule.None) => within switch
    {
        ParentRule.Included => true,
        ParentRule.Excluded => _include.Contains(name),
        _ => !IsExcluded(name, isOnRecord) || _include.Contains(name),
    };

    /// <summary>
    /// How the members of an object are judged, or null when none of them may leave or is wanted as a field.
    /// </summary>
    public ParentRule? Enter(string name, bool isOnRecord, ParentRule within, FieldMap fields)
    {
        if (within == ParentRule.Included || (within == ParentRule.None && !IsExcluded(name, isOnRecord)))
            return within;
        if (_include.Contains(name))
            return ParentRule.Included;

        return _include.HasWithin(name) || fields.HasWithin(name) ? ParentRule.Excluded : null;
    }

    private bool IsExcluded(string name, bool isOnRecord) =>
        _exclude.Contains(name) || (isOnRecord && _builtIn.Contains(name));
}
