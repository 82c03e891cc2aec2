using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Metrix.Benchmarks;

// delivery [events]   CPU per delivered event, with an outbox in memory and in a file, compared with a bare loop
// audit [events]      audited log calls on 1, 8 and 64 threads, with an outbox in a file
// overload [events]   memory in use while the server is dead
// dead-server         duration of a log call while the server is dead
// quick               runs everything briefly, to see that it works
// anything else       arguments of BenchmarkDotNet, such as --filter *
switch (args)
{
    case ["delivery", .. var rest]:
        await DeliveryBenchmark.RunAsync(ParseCount(rest) ?? 20_000, rounds: 5);
        return 0;

    case ["audit", .. var rest]:
        AuditBenchmark.Run(ParseCount(rest) ?? 6_400);
        return 0;

    case ["overload", .. var rest]:
        await PressureBenchmark.OverloadAsync(ParseCount(rest) ?? 2_000_000);
        return 0;

    case ["dead-server"]:
        await PressureBenchmark.DeadServerAsync(50_000, rounds: 5);
        return 0;

    case ["quick"]:
        await DeliveryBenchmark.RunAsync(200, rounds: 1);
        AuditBenchmark.Run(128);
        await PressureBenchmark.OverloadAsync(1_000);
        await PressureBenchmark.DeadServerAsync(1_000, rounds: 1);
        var dry = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(Job.Dry.WithToolchain(InProcessEmitToolchain.Instance))
            .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.JoinSummary);
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(DeliveryBenchmark).Assembly).RunAll(dry);
        return summaries.All(s => !s.HasCriticalValidationErrors && s.Reports.All(r => r.Success)) ? 0 : 1;

    default:
        BenchmarkSwitcher.FromAssembly(typeof(DeliveryBenchmark).Assembly).Run(args);
        return 0;
}

static int? ParseCount(string[] arguments) =>
    arguments is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : null;
