using System.Net.Http;
using System.Text;

namespace Metrix.Client.Wire;

/// <summary>
/// Reads the start of an answer, which explains why an event was refused.
/// </summary>
internal static class AnswerText
{
    /// <summary>The number of bytes that are read of an answer.</summary>
    public const int MaxBytes = 1024;

    /// <summary>
    /// The longest time that reading takes. A server that sends its answer slowly, or without end, must not hold up a
    /// request worker.
    /// </summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    private const string Mask = "***";

    // A shorter rest of a truncated key is not worth masking: it occurs in ordinary text.
    private const int MinMaskedChars = 4;

    /// <summary>
    /// Reads the start of an answer. An answer that breaks off is returned as far as it was received.
    /// </summary>
    /// <param name="content">The answer's content.</param>
    /// <param name="devKey">The key to mask, in case the server repeats it.</param>
    /// <param name="clock">The clock that limits the time.</param>
    /// <param name="cancellation">Cancels reading.</param>
    public static async ValueTask<string> ReadAsync(
        HttpContent content, string devKey, TimeProvider clock, CancellationToken cancellation)
    {
        var bytes = new byte[MaxBytes];
        var read = 0;
        using var timeLimit = new CancellationTokenSource(MaxTime, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellation);
        try
        {
            // The stream of a custom handler may ignore the cancellation, so each call is also abandoned.
            using var stream = await content.ReadAsStreamAsync(limit.Token).WaitAsync(limit.Token)
                .ConfigureAwait(false);
            while (read < bytes.Length)
            {
                var count = await stream.ReadAsync(bytes.AsMemory(read), limit.Token).AsTask().WaitAsync(limit.Token)
                    .ConfigureAwait(false);
                if (count == 0)
                    break;
                read += count;
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The status code has already decided the outcome. The rest of the answer changes nothing.
        }

        // The limit may have cut a key in two. Its first part is then at the end of the text, and is masked, too.
        var text = Encoding.UTF8.GetString(bytes, 0, read).Replace(devKey, Mask, StringComparison.Ordinal);
        var length = Math.Min(devKey.Length - 1, text.Length);
        for (; read == MaxBytes && length >= MinMaskedChars; length--)
        {
            if (text.AsSpan()[^length..].SequenceEqual(devKey.AsSpan(0, length)))
                return string.Concat(text.AsSpan(0, text.Length - length), Mask);
        }

        return text;
    }
}
