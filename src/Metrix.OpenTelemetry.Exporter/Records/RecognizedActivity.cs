using System.Diagnostics;
using Metrix.Client.Rules;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>An activity, or one of its events, that was recognised. It lives no longer than the call that reads it.</summary>
/// <param name="Activity">The activity, which has ended.</param>
/// <param name="Event">Its event; null when the activity itself is meant.</param>
/// <param name="Recognition">What it was recognised as.</param>
internal readonly record struct RecognizedActivity(Activity Activity, ActivityEvent? Event, EventMatch Recognition);
