using Metrix.Client.Rules;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Represents a recognized log record. Use it only during the call that reads it: the SDK reuses the record.
/// </summary>
internal readonly record struct RecognizedLogRecord(LogRecord Record, EventMatch Match);
