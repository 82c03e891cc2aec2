using Metrix.Client;
using Metrix.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;

namespace Metrix.Faults.Tests.Support;

/// <summary>Emits events as log records of <c>ILogger</c>.</summary>
internal sealed class LogRecordFront : Front
{
    private readonly ServiceProvider _services;
    private readonly ILogger _logger;

    public LogRecordFront(Uri endpoint, Action<MetrixOptions> configure)
        : base(endpoint, configure)
    {
        _services = new ServiceCollection()
            .AddLogging(builder => builder.AddOpenTelemetry(
                logging => logging.AddMetrixExporter(options => Configure(options))))
            .BuildServiceProvider();
        _logger = _services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop");
    }

    public override void Emit(int number) =>
        _logger.LogInformation(Template, number, TestUser.UserId, TestUser.SessionId, TestUser.Idfa);

    // Shutting down blocks until the events are delivered. Disposing alone waits for at most 5 seconds.
    protected override Task CloseFrontEndAsync() => Task.Run(() =>
    {
        _services.GetRequiredService<LoggerProvider>().Shutdown();
        _services.Dispose();
    });
}
