using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Sqlite.Tests.Support;

/// <summary>Starts emulators that know the app of <see cref="DurableClientFixture"/>.</summary>
internal static class AppEmulator
{
    /// <summary>Gets a response that is never sent.</summary>
    public static EmulatorResponse NoResponse { get; } = new(200) { NeverAnswer = true };

    /// <summary>Starts an emulator.</summary>
    /// <param name="answer">Chooses the response to a request, or null for the default response.</param>
    public static Task<MetrixEmulator> StartAsync(Func<EmulatorRequest, EmulatorResponse?>? answer = null) =>
        TestEmulator.StartAsync("app", answer);

    /// <summary>Starts an emulator that accepts requests and never responds.</summary>
    public static Task<MetrixEmulator> StartUnresponsiveAsync() => StartAsync(_ => NoResponse);

    /// <summary>Gets the numbers of the received events, in order of arrival.</summary>
    public static IEnumerable<int> ReceivedNumbers(this MetrixEmulator emulator) =>
        emulator.Events.Select(e => (int)e.CustomMetrics["Number"]);
}
