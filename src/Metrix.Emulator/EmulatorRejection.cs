namespace Metrix.Emulator;

/// <summary>Represents a request that the emulator rejected, with the reason.</summary>
public sealed class EmulatorRejection
{
    internal EmulatorRejection(
        EmulatorRequest request, int status, string reason, string? field, string advice, bool isByFault)
    {
        Request = request;
        Status = status;
        Reason = reason;
        Field = field;
        Advice = advice;
        IsByFault = isByFault;
    }

    /// <summary>Gets the request.</summary>
    public EmulatorRequest Request { get; }

    /// <summary>Gets the HTTP status of the answer.</summary>
    public int Status { get; }

    /// <summary>Gets the first problem of the request, as text for a person. Dev-keys in it are masked.</summary>
    public string Reason { get; }

    /// <summary>
    /// Gets the field or header that is wrong, such as <c>customMetrics.amount</c>, or <see langword="null"/> if the
    /// problem is not in a single one.
    /// </summary>
    public string? Field { get; }

    /// <summary>Gets what to do about the problem, as text for a person.</summary>
    public string Advice { get; }

    /// <summary>
    /// Gets whether the request is valid and was rejected only by a fault or a delegate.
    /// </summary>
    internal bool IsByFault { get; }
}
