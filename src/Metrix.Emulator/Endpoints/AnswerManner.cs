namespace Metrix.Emulator.Endpoints;

/// <summary>Names how an answer was withheld, for the API and the page.</summary>
internal static class AnswerManner
{
    /// <summary>Returns the name, or <see langword="null"/> if the answer was sent at once.</summary>
    public static string? Of(EmulatorResponse? answer) => answer switch
    {
        null => null,
        { NeverAnswer: true } => "held",
        { CloseConnection: true } => "closed",
        { Delay: not null } => "delayed",
        _ => null,
    };
}
