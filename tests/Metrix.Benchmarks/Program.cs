using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Metrix.Benchmarks;

// delivery [events]   the sink against a bare loop of requests, in one run
// quick               that everything runs, not how fast
// anything else       BenchmarkDotNet's own arguments, e.g. --filter *
switch (args)
{
    case ["delivery", .. var rest]:
        await DeliveryBenchmark.RunAsync(rest is [var count] ? int.Parse(count) : 20_000, rounds: 5);
        return 0;

    case ["quick"]:
        await DeliveryBenchmark.RunAsync(200, rounds: 1);
        var dry = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(Job.Dry.WithToolchain(InProcessEmitToolchain.Instance))
            .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.JoinSummary);
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(DeliveryBenchmark).Assembly).RunAll(dry);
        return summaries.All(s => !s.HasCriticalValidationErrors && s.Reports.All(r => r.Success)) ? 0 : 1;

    default:
        BenchmarkSwitcher.FromAssembly(typeof(DeliveryBenchmark).Assembly).Run(args);
        return 0;
}
