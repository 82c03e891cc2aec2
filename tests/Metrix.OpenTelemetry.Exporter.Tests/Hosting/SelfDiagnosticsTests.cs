using System.Diagnostics;
using Metrix.OpenTelemetry.Exporter.Tests.Support;

namespace Metrix.OpenTelemetry.Exporter.Tests.Hosting;

public class SelfDiagnosticsTests
{
    [Fact]
    public async Task What_goes_wrong_stands_in_the_log_of_OpenTelemetry()
    {
        await using var telemetry = await Telemetry.TraceAsync(o => o.Diagnostics = null);
        using (var activity = telemetry.Source.StartActivity("pay"))
            activity!.SetTag("metrix.slug", telemetry.AppId);

        // The event source is called on this thread, before the activity has ended.
        Assert.Contains(
            $"Metrix: an event with the slug \"{telemetry.AppId}\" is not sent: it has no metrix.user_id", SelfDiagnostics.Read());
        await telemetry.CloseAsync();
    }
}
