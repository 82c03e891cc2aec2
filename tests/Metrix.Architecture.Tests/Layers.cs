using Mono.Cecil;

namespace Metrix.Architecture.Tests;

/// <summary>
/// Defines the layers of each assembly and which layers each may use. <c>docs/architecture.md</c> has the same table.
/// </summary>
/// <remarks>
/// A layer is a folder, which is a namespace. The root namespace holds two layers: <see cref="Model"/>, the public data
/// types at the bottom, and <see cref="Root"/>, everything else, at the top.
/// </remarks>
internal static class Layers
{
    public const string Model = "Model";
    public const string Root = "Root";

    private static readonly Dictionary<string, string[]> ModelTypes = new()
    {
        ["Metrix.Client"] =
        [
            "MetrixAppOptions", "MetrixContext", "MetrixEvent", "MetrixEventRule", "MetrixEventTimeUnit",
            "MetrixIdentity", "MetrixOptions", "MetrixRedaction",
        ],
        ["Metrix.Client.Sqlite"] =
            ["MetrixAppBacklog", "MetrixDeadLetter", "MetrixOutboxStatus", "MetrixPendingEvent"],
        ["Metrix.OpenTelemetry.Exporter"] = ["MetrixExporterOptions", "MetrixUnsampledActivities"],
        ["Metrix.AspNetCore"] = ["MetrixHealthCheckOptions", "MetrixIdentityOptions"],
        ["Serilog.Sinks.Metrix"] = ["MetrixSinkOptions"],
        ["Metrix.Emulator"] =
        [
            "EmulatorEvent", "EmulatorFault", "EmulatorRejection", "EmulatorRequest", "EmulatorResponse",
            "EmulatorWarning", "MetrixEmulatorOptions",
        ],
        ["metrix"] = ["CommandLineError", "ExitCode", "Terminal"],
    };

    /// <summary>
    /// Gets the allowed edges: for each assembly and layer, the layers of the same assembly it may use.
    /// </summary>
    public static IReadOnlyList<(string Assembly, string Layer, string[] Uses)> Allowed { get; } =
    [
        ("Metrix.Client", Model, []),
        ("Metrix.Client", "Mapping", [Model]),
        ("Metrix.Client", "Tracking", [Model]),
        ("Metrix.Client", "Rules", ["Mapping", Model]),
        ("Metrix.Client", "Configuration", ["Mapping", Model, "Rules"]),
        ("Metrix.Client", "Apps", ["Mapping", Model, "Tracking"]),
        ("Metrix.Client", "Wire", ["Apps", Model]),
        ("Metrix.Client", "Outbox", ["Apps", Model, "Tracking"]),
        ("Metrix.Client", "Delivery", ["Apps", Model, "Outbox", "Tracking", "Wire"]),
        ("Metrix.Client", "Intake", ["Apps", "Mapping", Model, "Outbox", "Tracking"]),
        ("Metrix.Client", Root,
            ["Apps", "Configuration", "Delivery", "Intake", "Mapping", Model, "Outbox", "Rules", "Tracking", "Wire"]),
        ("Metrix.Client.Sqlite", Model, []),
        ("Metrix.Client.Sqlite", "Storage", []),
        ("Metrix.Client.Sqlite", "Outbox", ["Storage"]),
        ("Metrix.Client.Sqlite", Root, [Model, "Outbox", "Storage"]),
        ("Serilog.Sinks.Metrix", Model, []),
        ("Serilog.Sinks.Metrix", "Records", []),
        ("Serilog.Sinks.Metrix", "Configuration", [Model]),
        ("Serilog.Sinks.Metrix", Root, ["Configuration", Model, "Records"]),
        ("Metrix.OpenTelemetry.Exporter", Model, []),
        ("Metrix.OpenTelemetry.Exporter", "Diagnostics", []),
        ("Metrix.OpenTelemetry.Exporter", "Records", []),
        ("Metrix.OpenTelemetry.Exporter", "Sampling", [Model]),
        ("Metrix.OpenTelemetry.Exporter", "Configuration", [Model]),
        ("Metrix.OpenTelemetry.Exporter", "Pipeline", ["Configuration", "Diagnostics", Model, "Records"]),
        ("Metrix.OpenTelemetry.Exporter", Root, ["Configuration", Model, "Pipeline", "Sampling"]),
        ("Metrix.AspNetCore", Model, []),
        ("Metrix.AspNetCore", "Health", [Model]),
        ("Metrix.AspNetCore", "Propagation", []),
        ("Metrix.AspNetCore", "Identity", [Model, "Propagation"]),
        ("Metrix.AspNetCore", Root, ["Health", "Identity", Model, "Propagation"]),
        ("Metrix.AspNetCore", "Hosting", [Model, Root]),
        ("Metrix.Emulator", Model, []),
        ("Metrix.Emulator", "Http", [Model]),
        ("Metrix.Emulator", "Faults", [Model]),
        ("Metrix.Emulator", "Store", ["Http", Model]),
        ("Metrix.Emulator", "Validation", ["Http", Model]),
        ("Metrix.Emulator", "Endpoints", ["Faults", "Http", Model, "Store", "Validation"]),
        ("Metrix.Emulator", "Hosting", ["Endpoints", "Faults", "Http", Model, "Store", "Validation"]),
        ("Metrix.Emulator", Root, ["Faults", "Hosting", "Http", Model, "Store"]),
        ("metrix", Model, []),
        ("metrix", "Checking", []),
        ("metrix", "Sending", []),
        ("metrix", "Commands", ["Checking", Model, "Sending"]),
        ("metrix", Root, ["Commands", Model]),
    ];

    /// <summary>Returns the layer of a type.</summary>
    public static string Of(TypeDefinition type)
    {
        var assembly = type.Module.Assembly.Name.Name;
        var root = assembly == "metrix" ? "Metrix.Tool" : assembly;
        if (type.Namespace != root)
        {
            return type.Namespace.StartsWith(root + ".", StringComparison.Ordinal)
                ? type.Namespace[(root.Length + 1)..]
                : Root;
        }

        var name = type.Name.Split('`')[0];
        return ModelTypes.TryGetValue(assembly, out var model) && model.Contains(name) ? Model : Root;
    }
}
