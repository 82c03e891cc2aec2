using System.Diagnostics;

namespace Quickstart.Shop;

/// <summary>
/// Confirms payments with the bank and traces them. No code here refers to Metrix.
/// </summary>
public static class Payments
{
    public const string SourceName = "Shop";

    private static readonly ActivitySource Source = new(SourceName);

    public static bool Confirm(Order order)
    {
        using var activity = Source.StartActivity("confirm payment");
        if (order.Amount <= 0)
            return false;

        activity?.AddEvent(new ActivityEvent("Purchase", tags: new()
        {
            ["OrderId"] = order.OrderId,
            ["Amount"] = order.Amount,
            ["Gateway"] = "Saman",
        }));
        return true;
    }
}
