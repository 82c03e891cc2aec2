using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Serilog;
using Serilog.Sinks.Metrix;

// An application of its own process, for tests of how it ends.
// Arguments: what it does, the endpoint, the app, the dev-key; for what is durable also the outbox and the first number.
var first = args.Length > 5 ? int.Parse(args[5], CultureInfo.InvariantCulture) : 0;
var configuration = new LoggerConfiguration()
    .Enrich.WithProperty("metrix.user_id", "the-user")
    .Enrich.WithProperty("metrix.session_id", "the-session")
    .Enrich.WithProperty("metrix.idfa", "the-idfa");

switch (args[0])
{
    // Logs an event, which goes at once; asked by a line, some that wait for their period; and works until it is ended.
    case "serve":
        Log.Logger = configuration.WriteTo.Metrix(args[2], args[3], new Uri(args[1]), period: TimeSpan.FromHours(1)).CreateLogger();
        using (var ending = new ManualResetEventSlim())
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, ending)))
        {
            Log.Information("<@Purchase> {Number}", first);
            Console.ReadLine();
            for (var number = 1; number < 100; number++)
                Log.Information("<@Purchase> {Number}", number);
            Console.WriteLine("ready");
            ending.Wait();
        }

        Log.CloseAndFlush();
        return 0;

    // Says of each event that it is safe, when the call that logs it returned, on four threads until it is killed.
    case "audit":
        Log.Logger = configuration.AuditTo.Metrix(Durable).CreateLogger();
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            for (var number = first + thread; ; number += 4)
            {
                Log.Information("<@Purchase> {Number}", number);
                Say(string.Create(CultureInfo.InvariantCulture, $"{number}"));
            }
        });
        return 0;

    // Says of each event that it is logged, and when in milliseconds, until it is killed.
    case "write":
        Log.Logger = configuration.WriteTo.Metrix(Durable).CreateLogger();
        for (var number = first; ; number++)
        {
            Log.Information("<@Purchase> {Number}", number);
            Say(string.Create(CultureInfo.InvariantCulture, $"{number} {Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000)}"));
            if (number % 10 == 0)
                Thread.Sleep(1);
        }

    default:
        Console.Error.WriteLine($"Unknown: {args[0]}");
        return 2;
}

void Durable(MetrixSinkOptions options)
{
    options.AppId = args[2];
    options.DevKey = args[3];
    options.Endpoint = new Uri(args[1]);
    options.OutboxPath = args[4];
    options.Period = TimeSpan.FromMilliseconds(100);

    // Small, so that the limit on what a crash may send twice is small.
    options.BatchSizeLimit = 24;
    options.MaxInFlight = 8;
}

// One write a line, so that a line that was begun is whole.
static void Say(string line)
{
    lock (Console.Out)
    {
        Console.Out.Write(line + "\n");
        Console.Out.Flush();
    }
}

static void End(PosixSignalContext context, ManualResetEventSlim ending)
{
    context.Cancel = true;
    ending.Set();
}
