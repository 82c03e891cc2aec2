using System.Diagnostics;
using Metrix.Client.Mapping;

namespace Metrix.OpenTelemetry.Exporter.Mapping;

/// <summary>An activity, or one of its events, that was recognised. It lives no longer than the call that reads it.</summary>
/// <param name="Activity">The activity, which has ended.</param>
/// <param name="Event">Its event; null when the activity itself is meant.</param>
/// <param name="Recognition">What it was recognised as.</param>
internal readonly record struct ActivityRecord(Activity Activity, ActivityEvent? Event, Recognition Recognition);
