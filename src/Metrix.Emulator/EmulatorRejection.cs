namespace Metrix.Emulator;

/// <summary>A request that was refused, with what it did wrong.</summary>
public sealed class EmulatorRejection
{
    internal EmulatorRejection(EmulatorRequest request, int status, string reason, string? field, string advice, bool isByFault)
    {
        Request = request;
        Status = status;
        Reason = reason;
        Field = field;
        Advice = advice;
        IsByFault = isByFault;
    }

    /// <summary>The request.</summary>
    public EmulatorRequest Request { get; }

    /// <summary>The HTTP status that it was answered with.</summary>
    public int Status { get; }

    /// <summary>The first thing that is wrong with it, for a human to read. Dev-keys in it are masked.</summary>
    public string Reason { get; }

    /// <summary>The field or header at fault, such as <c>customMetrics.amount</c>, if it is one.</summary>
    public string? Field { get; }

    /// <summary>What to do about it.</summary>
    public string Advice { get; }

    /// <summary>Whether there is nothing wrong with it: a fault or a delegate had it refused.</summary>
    internal bool IsByFault { get; }
}
