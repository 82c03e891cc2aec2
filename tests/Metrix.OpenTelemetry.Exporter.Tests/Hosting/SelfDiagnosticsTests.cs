using System.Diagnostics;
using Metrix.OpenTelemetry.Exporter.Tests.Support;

namespace Metrix.OpenTelemetry.Exporter.Tests.Hosting;

/// <summary>Tests that OpenTelemetry's self-diagnostics log contains the problems of the exporter.</summary>
public class SelfDiagnosticsTests
{
    [Fact]
    public async Task Problems_are_written_to_the_self_diagnostics_log()
    {
        await using var telemetry = await Telemetry.TraceAsync(o => o.Diagnostics = null);
        using (var activity = telemetry.Source.StartActivity("pay"))
            activity!.SetTag("metrix.slug", telemetry.AppId);

        // The exporter writes to the event source on this thread before Dispose of the activity returns.
        Assert.Contains(
            $"Metrix: an event with the slug \"{telemetry.AppId}\" was not sent: it has no metrix.user_id",
            SelfDiagnostics.Read());
        await telemetry.CloseAsync();
    }
}
