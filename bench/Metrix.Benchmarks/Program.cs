using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Metrix.Benchmarks;

// delivery [events]   the client, from memory and from a file, against a bare loop of requests, in one run
// audit [events]      calls that return when their event is on the disk, on 1, 8 and 64 threads
// overload [events]   the memory that is held while a server is dead
// dead-server         how long a log call takes beside a dead server
// quick               that everything runs, not how fast
// anything else       BenchmarkDotNet's own arguments, e.g. --filter *
switch (args)
{
    case ["delivery", .. var rest]:
        await DeliveryBenchmark.RunAsync(rest is [var count] ? int.Parse(count) : 20_000, rounds: 5);
        return 0;

    case ["audit", .. var rest]:
        AuditBenchmark.Run(rest is [var audited] ? int.Parse(audited) : 6_400);
        return 0;

    case ["overload", .. var rest]:
        await PressureBenchmark.OverloadAsync(rest is [var many] ? int.Parse(many) : 2_000_000);
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
