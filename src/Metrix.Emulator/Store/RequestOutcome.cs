namespace Metrix.Emulator.Store;

/// <summary>Specifies the outcome of a request, as the page counts it.</summary>
internal enum RequestOutcome
{
    /// <summary>Accepted without warnings.</summary>
    Accepted,

    /// <summary>Accepted with warnings.</summary>
    Warned,

    /// <summary>Rejected because the request is invalid.</summary>
    Rejected,

    /// <summary>Valid, but rejected by a fault or a delegate.</summary>
    Faulted,
}
