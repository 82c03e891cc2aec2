namespace Quickstart.Shop;

/// <summary>
/// Maps the shop's endpoints. They log as usual and ASP.NET Core traces them. No code here refers to Metrix.
/// </summary>
public static class Endpoints
{
    public static void MapShop(this WebApplication app)
    {
        app.MapPost("/checkout", (Order order, ILogger<Order> logger) =>
        {
            if (!Payments.Confirm(order))
                return Results.BadRequest();

            var purchase = new Purchase(
                order.OrderId, order.Products, order.Amount, order.Currency, new Address(order.City),
                DateTimeOffset.UtcNow, Coupon: null);
            logger.LogInformation("{@Purchase}", purchase);
            return Results.Ok();
        });

        app.MapPost("/refund/{orderId:int}", (int orderId, decimal amount, Refunds refunds) =>
        {
            refunds.Enqueue(orderId, amount);
            return Results.Accepted();
        });

        app.MapGet("/products", (ILogger<Order> logger) =>
        {
            logger.LogInformation("{Count} products were listed", 3);
            return Results.Ok();
        });
    }
}
