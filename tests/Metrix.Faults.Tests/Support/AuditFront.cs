using System.Collections.Concurrent;
using Metrix.Client;
using Metrix.Tests.Support;
using Serilog;
using Serilog.Core;
using Serilog.Debugging;

namespace Metrix.Faults.Tests.Support;

/// <summary>
/// Emits events with <c>AuditTo.Metrix</c>. A log call blocks until its event is delivered, so the calls run on threads
/// in the background.
/// </summary>
internal sealed class AuditFront : Front
{
    private const int Threads = 64;

    private readonly Logger _logger;
    private readonly ConcurrentQueue<Task> _emitting = new();
    private readonly ConcurrentQueue<int> _failed = new();

    public AuditFront(Uri endpoint, Action<MetrixOptions> configure)
        : base(endpoint, configure) =>
        _logger = new LoggerConfiguration().AuditTo.Metrix(options => Configure(options)).CreateLogger();

    public override int ConcurrentCalls => Threads;

    public override IEnumerable<int> Failed => _failed;

    public override void Emit(int number) => Emit([number]);

    public override void Emit(IEnumerable<int> numbers)
    {
        var queue = new ConcurrentQueue<int>(numbers);
        for (var thread = Math.Min(queue.Count, Threads); thread > 0; thread--)
        {
            // Not threads of the pool: the client needs those to deliver what these wait for.
            _emitting.Enqueue(Task.Factory.StartNew(
                () => LogAll(queue),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default));
        }
    }

    protected override async Task CloseFrontEndAsync()
    {
        await Task.WhenAll(_emitting);
        await _logger.DisposeAsync();
    }

    private void LogAll(ConcurrentQueue<int> numbers)
    {
        while (numbers.TryDequeue(out var number))
        {
            try
            {
                _logger.Information(Template, number, TestUser.UserId, TestUser.SessionId, TestUser.Idfa);
            }
            catch (AggregateException exception) when (exception.InnerException is LoggingFailedException)
            {
                _failed.Enqueue(number);
            }
        }
    }
}
