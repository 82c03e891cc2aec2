namespace Quickstart.Shop;

/// <summary>
/// The shop's endpoints. They log, and ASP.NET Core traces them, as they always did; nothing here knows of Metrix.
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

        app.MapPost("/refund/{orderId:int}", (int orderId, decimal amount, ILogger<Order> logger) =>
        {
            logger.LogInformation("<@Refund> of order {OrderId}: {Amount}", orderId, amount);
            return Results.Ok();
        });

        app.MapGet("/products", (ILogger<Order> logger) =>
        {
            logger.LogInformation("{Count} products were listed", 3);
            return Results.Ok();
        });
    }
}
