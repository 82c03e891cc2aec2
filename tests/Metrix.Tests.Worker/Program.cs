using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Metrix.Client;
using Metrix.Tests.Support;
using Microsoft.Extensions.Configuration;
using Serilog;
using Serilog.Debugging;
using Serilog.Sinks.Metrix;

// An application in its own process, for tests of how a process ends.
// Arguments: the command, the endpoint, the app id and the dev key; the durable commands also take the path of the
// outbox and the number of the first event. The command "network" takes none.
var first = args.Length > 5 ? int.Parse(args[5], CultureInfo.InvariantCulture) : 0;
var configuration = WithUser(new LoggerConfiguration());

switch (args[0])
{
    // Logs one event, which is sent at once. After a line on standard input it logs 99 more, which wait for their
    // period, and runs until SIGTERM.
    case "serve":
        Log.Logger = configuration
            .WriteTo.Metrix(args[2], args[3], new Uri(args[1]), period: TimeSpan.FromHours(1))
            .CreateLogger();
        using (var terminated = new ManualResetEventSlim())
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Terminate(context, terminated)))
        {
            Log.Information("<@Purchase> {Number}", first);
            Console.ReadLine();
            for (var number = 1; number < 100; number++)
                Log.Information("<@Purchase> {Number}", number);
            Console.WriteLine("ready");
            terminated.Wait();
        }

        Log.CloseAndFlush();
        return 0;

    // Logs events on four threads until it is killed. Writes the number of an event when its log call has returned,
    // because the event is then safe.
    case "audit":
        Log.Logger = configuration.AuditTo.Metrix(Configure).CreateLogger();
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            for (var number = first + thread; ; number += 4)
            {
                Log.Information("<@Purchase> {Number}", number);
                WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number}"));
            }
        });
        return 0;

    // Logs events until it is killed. Writes the number of each event and the time in milliseconds.
    case "write":
        Log.Logger = configuration.WriteTo.Metrix(Configure).CreateLogger();
        for (var number = first; ; number++)
        {
            Log.Information("<@Purchase> {Number}", number);
            var milliseconds = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000);
            WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number} {milliseconds}"));
            if (number % 10 == 0)
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

    // Logs one event while every thread of the pool is blocked, and closes the logger. Writes how many milliseconds
    // that took.
    case "close-starved":
        Log.Logger = configuration.WriteTo.Metrix(ConfigureShort).CreateLogger();
        Log.Information("<@Purchase> {Number}", first);
        BlockThreadPool(200);
        WriteMilliseconds(Log.CloseAndFlush);
        return 0;

    // Closes two loggers one after the other while the server does not answer. Writes the milliseconds that took.
    case "close-two":
        var loggers = new[] { 1, 2 }
            .Select(_ => WithUser(new LoggerConfiguration()).WriteTo.Metrix(ConfigureShort).CreateLogger())
            .ToArray();
        foreach (var logger in loggers)
            logger.Information("<@Purchase> {Number}", first);
        WriteMilliseconds(() => Array.ForEach(loggers, logger => logger.Dispose()));
        return 0;

    // Logs 300 events from threads of a small pool, and waits for each. Writes how many calls threw, and the
    // milliseconds that all took.
    case "audit-pool":
        ThreadPool.SetMinThreads(2, 2);
        Log.Logger = configuration.AuditTo.Metrix(ConfigureShort).CreateLogger();
        var failed = 0;
        var startedAt = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 300).Select(number => Task.Run(() =>
        {
            try
            {
                Log.Information("<@Purchase> {Number}", number);
            }
            catch (AggregateException)
            {
                Interlocked.Increment(ref failed);
            }
        })));
        WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{failed} {Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds:F0}"));
        Log.CloseAndFlush();
        return 0;

    // Logs ten events, flushes all clients, and runs until it is killed. Writes whether the flush was complete.
    case "flush-all":
        Log.Logger = configuration
            .WriteTo.Metrix(args[2], args[3], new Uri(args[1]), period: TimeSpan.FromHours(1))
            .CreateLogger();
        for (var number = 0; number < 10; number++)
            Log.Information("<@Purchase> {Number}", number);
        WriteLine((await MetrixClients.FlushAllAsync()).ToString());
        Console.ReadLine();
        return 0;

    // Configured by the environment (Metrix__AppId=…). Writes each message of the client. Reads commands from
    // standard input: "log 5" logs events, "count" writes how many were delivered, and the end of the input closes
    // the logger.
    case "network":
        SelfLog.Enable(message => WriteLine("message " + message.ReplaceLineEndings(" ")));
        var settings = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        using (var meter = new MeterRecorder(settings["Metrix:AppId"]!))
        {
            Log.Logger = configuration.WriteTo.Metrix(settings).CreateLogger();
            while (Console.ReadLine() is { } line)
            {
                if (line == "count")
                {
                    WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"count {meter.Delivered} {meter.Rejected} {meter.Retries()}"));
                    continue;
                }

                for (var count = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture); count > 0; count--)
                    Log.Information("<@taqsq> {Number}", count);
            }

            Log.CloseAndFlush();
        }

        return 0;

    default:
        Console.Error.WriteLine($"The command \"{args[0]}\" is unknown.");
        return 2;
}

void Configure(MetrixSinkOptions options)
{
    options.AppId = args[2];
    options.DevKey = args[3];
    options.Endpoint = new Uri(args[1]);
    options.OutboxPath = args[4];
    options.Period = TimeSpan.FromMilliseconds(100);

    // Small, so that a crash can send only few events twice.
    options.BatchSizeLimit = 24;
    options.MaxInFlight = 8;
}

static LoggerConfiguration WithUser(LoggerConfiguration configuration) => configuration
    .Enrich.WithProperty("metrix.user_id", "the-user")
    .Enrich.WithProperty("metrix.session_id", "the-session")
    .Enrich.WithProperty("metrix.idfa", "the-idfa");

void ConfigureShort(MetrixSinkOptions options)
{
    options.AppId = args[2];
    options.DevKey = args[3];
    options.Endpoint = new Uri(args[1]);
    options.FlushTimeout = TimeSpan.FromSeconds(args[0] == "audit-pool" ? 20 : 2);
}

// Blocks more threads than the pool creates while the program runs, and keeps them.
static void BlockThreadPool(int count)
{
    var never = new ManualResetEventSlim();
    for (var i = 0; i < count; i++)
        ThreadPool.UnsafeQueueUserWorkItem(_ => never.Wait(), null);
}

static void WriteMilliseconds(Action action)
{
    var startedAt = Stopwatch.GetTimestamp();
    action();
    WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds:F0}"));
}

// Writes the line and its end in one call, so that a kill cannot leave a line that looks complete but is not.
static void WriteLine(string line)
{
    lock (Console.Out)
    {
        Console.Out.Write(line + "\n");
        Console.Out.Flush();
    }
}

static void Terminate(PosixSignalContext context, ManualResetEventSlim terminated)
{
    context.Cancel = true;
    terminated.Set();
}
