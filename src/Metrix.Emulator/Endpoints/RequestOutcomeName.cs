using Metrix.Emulator.Store;

namespace Metrix.Emulator.Endpoints;

/// <summary>Maps an outcome to its name in the API and on the page, where it is called the verdict.</summary>
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
