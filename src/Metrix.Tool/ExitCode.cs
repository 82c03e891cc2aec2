namespace Metrix.Tool;

/// <summary>What the tool tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>All is well.</summary>
    public const int Success = 0;

    /// <summary>It was done, and the answer is bad: the event was not taken, a setting is wrong, a file cannot be read.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong, and nothing was done.</summary>
    public const int Usage = 2;
}
