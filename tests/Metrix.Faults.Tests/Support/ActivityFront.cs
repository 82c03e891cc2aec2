using System.Diagnostics;
using Metrix.Client;
using Metrix.Tests.Support;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Metrix.Faults.Tests.Support;

/// <summary>Emits events as activities.</summary>
internal sealed class ActivityFront : Front
{
    private readonly ActivitySource _source;
    private readonly TracerProvider _tracing;

    public ActivityFront(Uri endpoint, Action<MetrixOptions> configure)
        : base(endpoint, configure)
    {
        _source = new ActivitySource(AppId);
        _tracing = Sdk.CreateTracerProviderBuilder()
            .AddSource(AppId)
            .AddMetrixExporter(options => Configure(options))
            .Build();
    }

    public override void Emit(int number)
    {
        using var activity = _source.StartActivity("pay")!;
        activity.SetTag("metrix.slug", "taqsq").SetTag("Number", number).SetTag("metrix.user_id", TestUser.UserId)
            .SetTag("metrix.session_id", TestUser.SessionId).SetTag("metrix.idfa", TestUser.Idfa);
    }

    // Shutting down blocks until the events are delivered.
    protected override Task CloseFrontEndAsync() => Task.Run(() =>
    {
        _tracing.Shutdown();
        _tracing.Dispose();
        _source.Dispose();
    });
}
