using System.Threading.Channels;
using Metrix.Client;

namespace Quickstart.Shop;

/// <summary>
/// Processes refunds in the background, after their requests end. Each job stores the identity of its request as JSON,
/// as a job in a database could do, and restores it when it runs.
/// </summary>
public sealed class Refunds(ILogger<Refunds> logger) : BackgroundService
{
    private readonly Channel<Job> _jobs = Channel.CreateUnbounded<Job>();

    public void Enqueue(int orderId, decimal amount) =>
        _jobs.Writer.TryWrite(new Job(orderId, amount, MetrixContext.Current?.ToJson()));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // Process all queued refunds before the shop stops.
        _jobs.Writer.Complete();
        await (ExecuteTask ?? Task.CompletedTask);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var job in _jobs.Reader.ReadAllAsync(CancellationToken.None))
        {
            using (job.Identity is null ? null : MetrixContext.BeginScope(MetrixIdentity.FromJson(job.Identity)))
                logger.LogInformation("<@Refund> of order {OrderId}: {Amount}", job.OrderId, job.Amount);
        }
    }

    private sealed record Job(int OrderId, decimal Amount, string? Identity);
}
