using System.Diagnostics;

// An ordinary application: it logs and traces, and has no reference to Metrix or OpenTelemetry.
var source = new ActivitySource("Shop");
var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();

app.MapPost("/checkout", async (int amount, ILogger<Program> logger) =>
{
    using (source.StartActivity("confirm payment"))
        await Task.Yield();
    if (amount <= 0)
        return Results.BadRequest();

    using (logger.BeginScope(new Dictionary<string, object> { ["Shop"] = "Tehran" }))
        logger.LogInformation("<@Purchase> of {Amount}", amount);
    return Results.Ok();
});

app.Run();
