using Metrix.Client;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.Metrix.Records;

namespace Serilog.Sinks.Metrix.Tests.Support;

/// <summary>Logs one event through Serilog and maps it, without sending it.</summary>
internal static class EventMapping
{
    public static Mapped Map(string template, object purchase) => Map(template, [purchase]);

    public static Mapped Map(string template, object[] arguments, params (string Name, object? Value)[] properties) =>
        Map(template, arguments, null, properties);

    public static Mapped Map(
        string template,
        object[] arguments,
        Action<MetrixOptions>? configure,
        params (string Name, object? Value)[] properties)
    {
        var built = Build(template, arguments, configure, properties);
        return new(
            built.Properties.Where(p => p.Text is not null).ToDictionary(p => p.Name, p => p.Text!),
            built.Properties.Where(p => p.Text is null).ToDictionary(p => p.Name, p => p.Number));
    }

    public static EventBuilder Build(
        string template,
        object[] arguments,
        Action<MetrixOptions>? configure,
        params (string Name, object? Value)[] properties)
    {
        var collected = new CollectingSink();
        using (var logger = new LoggerConfiguration().WriteTo.Sink(collected).CreateLogger())
        {
            var contextLogger = properties.Aggregate(
                (ILogger)logger,
                (log, p) => p.Value is LogEventPropertyValue value
                    ? log.ForContext(new FixedProperty(new LogEventProperty(p.Name, value)))
                    : log.ForContext(p.Name, p.Value));
            contextLogger.Information(template, arguments);
        }

        var options = new MetrixOptions { Slugs = { ["Purchase"] = "taqsq" } };
        configure?.Invoke(options);
        var builder = new EventBuilder(new MappingRules(options, PropertyFilter.LoggingNoise));
        var logEvent = Assert.Single(collected.Events);
        Assert.True(new LogEventRecognizer(builder.Rules.Slugs).TryRecognize(logEvent, out var match));
        LogEventReader.Read(logEvent, match, builder);
        return builder;
    }

    internal sealed record Mapped(Dictionary<string, string> Attributes, Dictionary<string, double> Metrics);

    private sealed class FixedProperty(LogEventProperty property) : ILogEventEnricher
    {
        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) =>
            logEvent.AddOrUpdateProperty(property);
    }
}
