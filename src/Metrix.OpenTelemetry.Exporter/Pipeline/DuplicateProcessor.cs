using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// Stands in a pipeline that has a Metrix processor of the same name already: a second would send every event twice.
/// </summary>
internal sealed class DuplicateProcessor<T> : BaseProcessor<T>;
