using Metrix.Emulator.Store;

namespace Metrix.Emulator.Api;

/// <summary>What the API and the page call an outcome.</summary>
internal static class RequestOutcomeName
{
    public static string Of(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Accepted => "accepted",
        RequestOutcome.Warned => "warned",
        RequestOutcome.Rejected => "rejected",
        _ => "faulted",
    };
}
