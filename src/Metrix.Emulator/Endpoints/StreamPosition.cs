using System.Globalization;

namespace Metrix.Emulator.Endpoints;

/// <summary>Represents the position of a client in the stream.</summary>
/// <param name="Run">The id of the emulator's run.</param>
/// <param name="ClearCount">How many times the store was cleared.</param>
/// <param name="Id">The id of the last request that the client has.</param>
internal sealed record StreamPosition(string Run, int ClearCount, long Id)
{
    /// <summary>
    /// Parses the id of a message. Returns <see langword="null"/> if the text is not an id of the given run.
    /// </summary>
    public static StreamPosition? Parse(string text, string run) =>
        text.Split('.') is [var parsedRun, var clearCountText, var idText] && parsedRun == run &&
        int.TryParse(clearCountText, NumberStyles.None, CultureInfo.InvariantCulture, out var clearCount) &&
        long.TryParse(idText, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new StreamPosition(run, clearCount, id)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Run}.{ClearCount}.{Id}");
}
