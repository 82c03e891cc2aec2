using System.Threading.Channels;
using Metrix.Client;

namespace Quickstart.Shop;

/// <summary>
/// Refunds are done in the background, when their request is gone: whom it was from is kept beside the job, as a small text
/// that a database could hold too, and is told again where the job runs.
/// </summary>
public sealed class Refunds(ILogger<Refunds> logger) : BackgroundService
{
    private readonly Channel<Job> _jobs = Channel.CreateUnbounded<Job>();

    public void Enqueue(int orderId, decimal amount) =>
        _jobs.Writer.TryWrite(new Job(orderId, amount, MetrixContext.Current?.ToJson()));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What was promised is done before the shop closes.
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
