namespace Quickstart.Shop;

/// <summary>What the shop's customers send.</summary>
public sealed record Order(int OrderId, string[] Products, decimal Amount, string Currency, string City);

/// <summary>What the shop logs when a bank has confirmed a payment.</summary>
public sealed record Purchase(
    int OrderId, string[] Products, decimal Amount, string Currency, Address Address, DateTimeOffset PaidAt, string? Coupon);

/// <summary>Where a purchase goes.</summary>
public sealed record Address(string City);
