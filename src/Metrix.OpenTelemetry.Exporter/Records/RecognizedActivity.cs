using System.Diagnostics;
using Metrix.Client.Rules;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Represents a recognized activity or activity event. Use it only during the call that reads it.
/// </summary>
/// <param name="Activity">The ended activity.</param>
/// <param name="Event">The activity event, or null when the activity itself is the event.</param>
/// <param name="Match">The rule match of the record.</param>
internal readonly record struct RecognizedActivity(Activity Activity, ActivityEvent? Event, EventMatch Match);
