// An application as there are many: it logs, and knows nothing of where its logs go.
var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();

app.MapPost("/checkout", async (int amount, ILogger<Program> logger) =>
{
    await Task.Yield();
    if (amount <= 0)
        return Results.BadRequest();

    logger.LogInformation("<@Purchase> of {Amount}", amount);
    return Results.Ok();
});

app.Run();
