using Metrix.Client;
using Serilog.Core;
using Serilog.Events;

namespace Serilog.Sinks.Metrix;

/// <summary>
/// Represents the settings of the Metrix sink: the settings of <see cref="MetrixOptions"/>, and the levels of Serilog.
/// </summary>
public sealed class MetrixSinkOptions : MetrixOptions
{
    /// <summary>
    /// Gets or sets the minimum level of the log events that the sink processes. Default
    /// <see cref="LevelAlias.Minimum"/>: the sink processes every log event that passes the logger's own minimum level.
    /// </summary>
    public LogEventLevel RestrictedToMinimumLevel { get; set; } = LevelAlias.Minimum;

    /// <summary>
    /// Gets or sets a switch that changes the minimum level at run time. Default null:
    /// <see cref="RestrictedToMinimumLevel"/> applies.
    /// </summary>
    public LoggingLevelSwitch? LevelSwitch { get; set; }
}
