using Metrix.Client;
using Serilog.Core;
using Serilog.Events;

namespace Serilog.Sinks.Metrix;

/// <summary>
/// The settings of the Metrix sink: those of <see cref="MetrixOptions"/>, and what only Serilog has.
/// </summary>
public sealed class MetrixSinkOptions : MetrixOptions
{
    /// <summary>
    /// The level below which log events are left alone. Default <see cref="LevelAlias.Minimum"/>: all reach the sink that
    /// the logger lets through.
    /// </summary>
    public LogEventLevel RestrictedToMinimumLevel { get; set; } = LevelAlias.Minimum;

    /// <summary>
    /// Changes that level while the application runs. Default null: <see cref="RestrictedToMinimumLevel"/> holds.
    /// </summary>
    public LoggingLevelSwitch? LevelSwitch { get; set; }
}
