using Metrix.Client;
using Metrix.Tests.Support;
using Serilog;
using Serilog.Core;

namespace Metrix.Faults.Tests.Support;

/// <summary>Emits events with <c>WriteTo.Metrix</c>.</summary>
internal sealed class SerilogFront : Front
{
    private readonly Logger _logger;

    public SerilogFront(Uri endpoint, Action<MetrixOptions> configure)
        : base(endpoint, configure) =>
        _logger = new LoggerConfiguration().WriteTo.Metrix(options => Configure(options)).CreateLogger();

    public override void Emit(int number) =>
        _logger.Information(Template, number, TestUser.UserId, TestUser.SessionId, TestUser.Idfa);

    protected override Task CloseFrontEndAsync() => _logger.DisposeAsync().AsTask();
}
