using System.Collections.Concurrent;
using Metrix.Client;
using Metrix.Emulator;
using Xunit;

namespace Metrix.Tests.Support;

/// <summary>
/// Represents an application that sends events through one front end to an emulator or another endpoint. Disposing it
/// closes the front end and asserts that the ledger is balanced, that no event is pending, and that no message contains
/// a key or a user id.
/// </summary>
public abstract class TestApplication : IAsyncDisposable
{
    public const string DevKey = TestUser.DevKey;

    private const string ClosingMessage = "Metrix: closing: ";

    private readonly ConcurrentQueue<string> _messages = new();
    private readonly IReadOnlyDictionary<string, string> _apps;
    private readonly Uri _endpoint;
    private readonly MetrixEmulator? _emulator;
    private Task? _closing;

    /// <summary>Initializes an application with an emulator, which is disposed with the application.</summary>
    /// <param name="emulator">The emulator.</param>
    /// <param name="appIds">The app ids, which are also the names of the apps.</param>
    protected TestApplication(MetrixEmulator emulator, params string[] appIds)
        : this(emulator.Endpoint, appIds.ToDictionary(appId => appId)) => _emulator = emulator;

    /// <summary>Initializes an application with any endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="apps">The app ids by name. Default null: one app whose id no other test uses.</param>
    protected TestApplication(Uri endpoint, IReadOnlyDictionary<string, string>? apps = null)
    {
        _endpoint = endpoint;
        _apps = apps ?? new[] { TestUser.AppId() }.ToDictionary(appId => appId);
        Meter = new MeterRecorder([.. _apps.Keys]);
    }

    /// <summary>Gets the id of the first app.</summary>
    public string AppId => _apps.Values.First();

    /// <summary>Gets the emulator.</summary>
    /// <exception cref="InvalidOperationException">The application has another endpoint.</exception>
    public MetrixEmulator Emulator =>
        _emulator ?? throw new InvalidOperationException("This application sends to another endpoint.");

    public MeterRecorder Meter { get; }

    /// <summary>Gets the diagnostic messages so far, without the announcement of the close.</summary>
    public IReadOnlyList<string> Messages =>
        [.. _messages.Where(message => !message.StartsWith(ClosingMessage, StringComparison.Ordinal))];

    /// <summary>Gets the message that announces the close, if events waited then.</summary>
    public string? Announcement =>
        _messages.FirstOrDefault(message => message.StartsWith(ClosingMessage, StringComparison.Ordinal));

    public Task WaitForMessageAsync(string text) => Eventually.ContainsAsync(_messages, text);

    /// <summary>Closes the application as at shutdown and returns the delivered events.</summary>
    /// <returns>The events that the emulator accepted; none with another endpoint.</returns>
    public async Task<IReadOnlyList<EmulatorEvent>> CloseAsync()
    {
        await (_closing ??= CloseFrontEndAsync());
        return _emulator?.Events ?? [];
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_emulator is not null)
            await _emulator.DisposeAsync();
        Meter.AssertClosed();
        Meter.Dispose();
        Assert.All(_messages, message =>
        {
            Assert.DoesNotContain(DevKey, message);
            Assert.DoesNotContain(TestUser.UserId, message);
        });
        GC.SuppressFinalize(this);
    }

    /// <summary>Sets the apps, their key, the endpoint, a short period, and the recording of messages.</summary>
    protected void Apply(MetrixOptions options)
    {
        if (_apps.Count == 1 && _apps.First() is var app && app.Key == app.Value)
        {
            options.AppId = app.Value;
            options.DevKey = DevKey;
        }
        else
        {
            foreach (var (name, appId) in _apps)
                options.Apps[name] = new MetrixAppOptions { AppId = appId, DevKey = DevKey };
        }

        options.Endpoint = _endpoint;
        options.Period = TimeSpan.FromMilliseconds(10);
        options.Diagnostics = _messages.Enqueue;
    }

    /// <summary>Closes the front end as the application does at shutdown. Called once.</summary>
    protected abstract Task CloseFrontEndAsync();
}
