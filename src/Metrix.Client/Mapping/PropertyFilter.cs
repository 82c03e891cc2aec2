namespace Metrix.Client.Mapping;

/// <summary>Specifies what the object around a property means for it.</summary>
internal enum ParentRule
{
    /// <summary>The property is judged by its own name.</summary>
    None,

    /// <summary>The object is included by name, and so is everything in it.</summary>
    Included,

    /// <summary>The object is excluded. Only members that are included by their own names are sent.</summary>
    Excluded,
}

/// <summary>
/// Decides which properties are sent: all except those that are excluded or that frameworks add for their own purposes,
/// and of these again those that are included by name.
/// </summary>
internal sealed class PropertyFilter(
    IEnumerable<string> include, IEnumerable<string> exclude, IEnumerable<string> noise)
{
    /// <summary>Gets the properties that frameworks add to log events and log records.</summary>
    public static IReadOnlyList<string> LoggingNoise { get; } =
    [
        "SourceContext", "EventId", "RequestId", "RequestPath", "ConnectionId", "ActionId", "ActionName", "SpanId",
        "TraceId", "ParentId", "MachineName", "ThreadId", "ThreadName", "ProcessId", "Application", "EnvironmentName",
        "{OriginalFormat}",
    ];

    /// <summary>
    /// Gets the tags that instrumentation adds to activities: the namespaces of the OpenTelemetry semantic conventions
    /// (https://opentelemetry.io/docs/specs/semconv/registry/attributes/).
    /// </summary>
    public static IReadOnlyList<string> TracingNoise { get; } =
    [
        "artifact.*", "aspnetcore.*", "aws.*", "azure.*", "browser.*", "cicd.*", "client.*", "cloud.*",
        "cloudevents.*", "code.*", "container.*", "cpu.*", "cpython.*", "db.*", "deployment.*", "destination.*",
        "disk.*", "dns.*", "dotnet.*", "elasticsearch.*", "enduser.*", "error.*", "exception.*", "faas.*",
        "feature_flag.*", "file.*", "gcp.*", "gen_ai.*", "graphql.*", "heroku.*", "host.*", "http.*", "hw.*", "jvm.*",
        "k8s.*", "kestrel.*", "linux.*", "log.*", "message.*", "messaging.*", "net.*", "network.*", "nodejs.*",
        "oci.*", "opentracing.*", "os.*", "otel.*", "peer.*", "process.*", "profile.*", "rpc.*", "server.*",
        "service.*", "session.*", "signalr.*", "source.*", "system.*", "telemetry.*", "thread.*", "tls.*", "url.*",
        "user.*", "user_agent.*", "v8js.*", "vcs.*", "webengine.*",
    ];

    private readonly NameSet _include = new(include);
    private readonly NameSet _exclude = new(exclude);
    private readonly NameSet _noise = new(noise);

    /// <summary>
    /// Returns whether a property is sent. The built-in list applies to the record itself only: a member of the same
    /// name in the application's own object is the application's.
    /// </summary>
    public bool Allows(string name, bool isOnRecord, ParentRule parentRule = ParentRule.None) => parentRule switch
    {
        ParentRule.Included => true,
        ParentRule.Excluded => _include.Contains(name),
        _ => !IsExcluded(name, isOnRecord) || _include.Contains(name),
    };

    /// <summary>
    /// Returns how the members of an object are judged, or null if none of them is sent or read as a field.
    /// </summary>
    public ParentRule? Enter(string name, bool isOnRecord, ParentRule parentRule, FieldMap fields)
    {
        var isSent = parentRule == ParentRule.Included ||
            (parentRule == ParentRule.None && !IsExcluded(name, isOnRecord));
        if (isSent)
            return parentRule;
        if (_include.Contains(name))
            return ParentRule.Included;

        return _include.HasWithin(name) || fields.HasWithin(name) ? ParentRule.Excluded : null;
    }

    private bool IsExcluded(string name, bool isOnRecord) =>
        _exclude.Contains(name) || (isOnRecord && _noise.Contains(name));
}
