namespace Metrix.Emulator.Store;

/// <summary>What became of a request, as the page counts it.</summary>
internal enum RequestOutcome
{
    /// <summary>Accepted, and nothing looks wrong.</summary>
    Accepted,

    /// <summary>Accepted, with warnings.</summary>
    Warned,

    /// <summary>Refused for what it is.</summary>
    Rejected,

    /// <summary>Right, and refused because a fault or a delegate asked for it.</summary>
    Faulted,
}
