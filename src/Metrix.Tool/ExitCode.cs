namespace Metrix.Tool;

/// <summary>Defines the exit codes of the tool.</summary>
internal static class ExitCode
{
    /// <summary>The command succeeded.</summary>
    public const int Success = 0;

    /// <summary>
    /// The command ran but failed: the event was not accepted, a setting is wrong, or a file cannot be read.
    /// </summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong. The command did not run.</summary>
    public const int Usage = 2;
}
