namespace Metrix.Faults.Tests.Support;

/// <summary>Specifies how an application emits its events.</summary>
public enum FrontEnd
{
    /// <summary>The Serilog sink, <c>WriteTo.Metrix</c>.</summary>
    Serilog,

    /// <summary>The Serilog audit sink, <c>AuditTo.Metrix</c>.</summary>
    SerilogAudit,

    /// <summary>Activities, with the exporter of OpenTelemetry.</summary>
    Activities,

    /// <summary>Records of <c>ILogger</c>, with the exporter of OpenTelemetry.</summary>
    LogRecords,
}
