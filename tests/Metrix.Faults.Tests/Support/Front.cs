using Metrix.Client;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests.Support;

/// <summary>
/// Represents an application that emits numbered events through one front end, in accelerated time.
/// </summary>
internal abstract class Front(Uri endpoint, Action<MetrixOptions> configure) : TestApplication(endpoint)
{
    protected const string Template = "<@taqsq> {Number} {MetrixUserId} {MetrixSessionId} {MetrixIdfa}";

    /// <summary>Gets the number of log calls that wait for their events at the same time. 0 if none waits.</summary>
    public virtual int ConcurrentCalls => 0;

    /// <summary>Gets the numbers of the events whose log call threw.</summary>
    public virtual IEnumerable<int> Failed => [];

    /// <summary>Starts an application.</summary>
    /// <param name="front">The front end.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="maxInFlight">The number of concurrent requests.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <param name="factor">How many times faster than the system clock the client's clock runs.</param>
    public static Front Create(
        FrontEnd front,
        Uri endpoint,
        int maxInFlight,
        Action<MetrixOptions>? configure = null,
        int factor = 50)
    {
        return front switch
        {
            FrontEnd.Serilog => new SerilogFront(endpoint, Configure),
            FrontEnd.SerilogAudit => new AuditFront(endpoint, Configure),
            FrontEnd.Activities => new ActivityFront(endpoint, Configure),
            _ => new LogRecordFront(endpoint, Configure),
        };

        void Configure(MetrixOptions options)
        {
            options.Accelerate(factor);
            options.MaxInFlight = maxInFlight;
            options.RetryTimeLimit = TimeSpan.FromDays(2);
            configure?.Invoke(options);
        }
    }

    public abstract void Emit(int number);

    public virtual void Emit(IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
            Emit(number);
    }

    /// <summary>Waits until a number of events was delivered.</summary>
    public Task WaitForDeliveredAsync(int count) =>
        Eventually.TrueAsync(() => Meter.Delivered >= count, () => $"Delivered: {Meter.Delivered}");

    protected void Configure(MetrixOptions options)
    {
        Apply(options);
        configure(options);
    }
}
