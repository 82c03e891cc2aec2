namespace Metrix.Emulator;

/// <summary>A request that was refused, with what it did wrong.</summary>
public sealed class RejectedRequest
{
    internal RejectedRequest(ReceivedRequest request, int status, string reason, string? field)
    {
        Request = request;
        Status = status;
        Reason = reason;
        Field = field;
    }

    /// <summary>The request.</summary>
    public ReceivedRequest Request { get; }

    /// <summary>The HTTP status that it was answered with.</summary>
    public int Status { get; }

    /// <summary>The first thing that is wrong with it, for a human to read. Dev-keys in it are masked.</summary>
    public string Reason { get; }

    /// <summary>The field or header at fault, such as <c>customMetrics.amount</c>, if it is one.</summary>
    public string? Field { get; }
}
