using System.Collections.Concurrent;
using System.Diagnostics;
using Metrix.Client;
using Metrix.Tests.Support;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Serilog;
using Serilog.Core;

namespace Metrix.Faults.Tests.Support;

public enum FrontEnd
{
    Serilog,
    OpenTelemetry,
}

/// <summary>
/// An application that emits numbered events through one of the front ends, in accelerated time. The books are closed when it
/// ends, and no message held a key or an id.
/// </summary>
internal sealed class Front : IAsyncDisposable
{
    private const string DevKey = "the-dev-key";
    private const string UserId = "the-user-id";

    private readonly Logger? _logger;
    private readonly TracerProvider? _tracing;
    private readonly ActivitySource _source;
    private readonly ConcurrentQueue<string> _said = new();
    private bool _isClosed;

    public Front(FrontEnd front, Uri endpoint, Action<MetrixOptions>? configure = null, int factor = 50)
    {
        var appId = $"app-{Guid.NewGuid():N}";
        Books = new MeterRecorder(appId);
        _source = new ActivitySource(appId);
        if (front == FrontEnd.Serilog)
            _logger = new LoggerConfiguration().WriteTo.Metrix(options => Configure(options)).CreateLogger();
        else
            _tracing = Sdk.CreateTracerProviderBuilder().AddSource(appId).AddMetrixExporter(options => Configure(options)).Build();

        void Configure(MetrixOptions options)
        {
            options.AppId = appId;
            options.DevKey = DevKey;
            options.Endpoint = endpoint;
            options.Accelerate(factor);
            options.Period = TimeSpan.FromMilliseconds(10);
            options.RetryTimeLimit = TimeSpan.FromDays(2);
            options.Diagnostics = _said.Enqueue;
            configure?.Invoke(options);
        }
    }

    public MeterRecorder Books { get; }

    public IEnumerable<string> Said => _said;

    public void Emit(int number)
    {
        if (_logger is not null)
        {
            _logger.Information(
                "<@taqsq> {Number} {MetrixUserId} {MetrixSessionId} {MetrixIdfa}", number, UserId, "s", "i");
            return;
        }

        using var activity = _source.StartActivity("pay")!;
        activity.SetTag("metrix.slug", "taqsq").SetTag("Number", number).SetTag("metrix.user_id", UserId)
            .SetTag("metrix.session_id", "s").SetTag("metrix.idfa", "i");
    }

    public void Emit(IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
            Emit(number);
    }

    /// <summary>Waits until something is said that holds a text.</summary>
    public async Task WhenSaidAsync(string text)
    {
        while (!_said.Any(message => message.Contains(text, StringComparison.Ordinal)))
            await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until so many were delivered.</summary>
    public async Task WhenDeliveredAsync(int count)
    {
        while (Books.Delivered < count)
            await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    /// <summary>Closes as an application does at its end, and delivers what waits.</summary>
    public async Task CloseAsync()
    {
        if (_isClosed)
            return;

        _isClosed = true;
        if (_logger is not null)
            await _logger.DisposeAsync();
        await Task.Run(() =>
        {
            _tracing?.Shutdown();
            _tracing?.Dispose();
        });
        _source.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Books.AssertClosed();
        Books.Dispose();
        Assert.All(_said, message =>
        {
            Assert.DoesNotContain(DevKey, message);
            Assert.DoesNotContain(UserId, message);
        });
    }
}
