using System.Globalization;
using System.Runtime.InteropServices;
using Serilog;

// An application of its own process, for tests of how it ends.
// Arguments: what it does, the endpoint, the app, the dev-key.
var endpoint = new Uri(args[1]);
Log.Logger = new LoggerConfiguration()
    .Enrich.WithProperty("metrix.user_id", "the-user")
    .Enrich.WithProperty("metrix.session_id", "the-session")
    .Enrich.WithProperty("metrix.idfa", "the-idfa")
    .WriteTo.Metrix(args[2], args[3], endpoint, period: TimeSpan.FromHours(1))
    .CreateLogger();

switch (args[0])
{
    // Logs an event, which goes at once; asked by a line, some that wait for their period; and works until it is ended.
    case "serve":
        using (var ending = new ManualResetEventSlim())
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, ending)))
        {
            Log.Information("<@Purchase> {Number}", 0);
            Console.ReadLine();
            for (var number = 1; number < 100; number++)
                Log.Information("<@Purchase> {Number}", number);
            Console.WriteLine("ready");
            ending.Wait();
        }

        Log.CloseAndFlush();
        return 0;

    default:
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Unknown: {args[0]}"));
        return 2;
}

static void End(PosixSignalContext context, ManualResetEventSlim ending)
{
    context.Cancel = true;
    ending.Set();
}
