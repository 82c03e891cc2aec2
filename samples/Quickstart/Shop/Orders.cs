namespace Quickstart.Shop;

/// <summary>Represents an order of a customer.</summary>
public sealed record Order(int OrderId, string[] Products, decimal Amount, string Currency, string City);

/// <summary>Represents a paid order. The shop logs it after the bank confirms the payment.</summary>
public sealed record Purchase(
    int OrderId,
    string[] Products,
    decimal Amount,
    string Currency,
    Address Address,
    DateTimeOffset PaidAt,
    string? Coupon);

/// <summary>Represents the delivery address of a purchase.</summary>
public sealed record Address(string City);
