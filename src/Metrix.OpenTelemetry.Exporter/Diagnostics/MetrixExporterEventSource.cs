using System.Diagnostics.Tracing;

namespace Metrix.OpenTelemetry.Exporter.Diagnostics;

/// <summary>
/// Reports problems to the self-diagnostics of OpenTelemetry, which listens to event sources whose names start with
/// <c>OpenTelemetry-</c>
/// (https://github.com/open-telemetry/opentelemetry-dotnet/blob/main/src/OpenTelemetry/README.md#self-diagnostics).
/// </summary>
[EventSource(Name = "OpenTelemetry-Exporter-Metrix")]
internal sealed class MetrixExporterEventSource : EventSource
{
    public static readonly MetrixExporterEventSource Log = new();

    [Event(1, Message = "{0}", Level = EventLevel.Warning)]
    public void Warning(string message) => WriteEvent(1, message);
}
