namespace Metrix.Client.Mapping;

/// <summary>
/// Which properties leave the application: all but those that are excluded or that frameworks add for their own ends,
/// and of these again those that are included by name.
/// </summary>
internal sealed class PropertyFilter(IEnumerable<string> include, IEnumerable<string> exclude, IEnumerable<string> builtIn)
{
    /// <summary>What frameworks add to log events and log records.</summary>
    public static IReadOnlyList<string> OfLogging { get; } =
    [
        "SourceContext", "EventId", "RequestId", "RequestPath", "ConnectionId", "ActionId", "ActionName", "SpanId",
        "TraceId", "ParentId", "MachineName", "ThreadId", "ThreadName", "ProcessId", "Application", "EnvironmentName",
        "{OriginalFormat}",
    ];

    /// <summary>
    /// What instrumentation adds to activities: the namespaces of the OpenTelemetry semantic conventions
    /// (https://opentelemetry.io/docs/specs/semconv/registry/attributes/).
    /// </summary>
    public static IReadOnlyList<string> OfTracing { get; } =
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
    public bool Allows(string name, bool isOnRecord)
    {
        if (_exclude.Contains(name) || (isOnRecord && _builtIn.Contains(name)))
            return _include.Contains(name);

        return true;
    }
}
