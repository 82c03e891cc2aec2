using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// Does nothing. It replaces a second Metrix processor of one name in a pipeline, which would send every event twice.
/// </summary>
internal sealed class DuplicateProcessor<T> : BaseProcessor<T>;
