using System.Net.Http;
using System.Text;

namespace Metrix.Client.Wire;

/// <summary>
/// The start of an answer, for whoever looks into what was rejected.
/// </summary>
internal static class AnswerText
{
    /// <summary>How much of an answer is read, in bytes.</summary>
    public const int MaxBytes = 1024;

    private const string Mask = "***";

    /// <summary>Reads the start. An answer that breaks off is as much as came of it.</summary>
    /// <param name="content">The answer's content.</param>
    /// <param name="devKey">What must not stand in it, should the server repeat it.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async ValueTask<string> ReadAsync(HttpContent content, string devKey, CancellationToken cancellation)
    {
        var bytes = new byte[MaxBytes];
        var read = 0;
        try
        {
            using var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            while (read < bytes.Length)
            {
                var count = await stream.ReadAsync(bytes.AsMemory(read), cancellation).ConfigureAwait(false);
                if (count == 0)
                    break;
                read += count;
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The status said what becomes of the event; the rest of the answer changes nothing.
        }

        // A key that the limit cut in two is taken out as well: what is left of it is a start of it, at the end.
        var text = Encoding.UTF8.GetString(bytes, 0, read).Replace(devKey, Mask, StringComparison.Ordinal);
        for (var length = Math.Min(devKey.Length - 1, text.Length); read == MaxBytes && length >= 4; length--)
        {
            if (text.AsSpan()[^length..].SequenceEqual(devKey.AsSpan(0, length)))
                return string.Concat(text.AsSpan(0, text.Length - length), Mask);
        }

        return text;
    }
}
