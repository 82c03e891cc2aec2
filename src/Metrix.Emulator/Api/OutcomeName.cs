using Metrix.Emulator.Store;

namespace Metrix.Emulator.Api;

/// <summary>What the API and the page call an outcome.</summary>
internal static class OutcomeName
{
    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Accepted => "accepted",
        Outcome.Warned => "warned",
        Outcome.Rejected => "rejected",
        _ => "faulted",
    };
}
