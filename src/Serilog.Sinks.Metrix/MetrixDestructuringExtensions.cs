using System.Net;
using System.Numerics;
using Serilog.Configuration;

namespace Serilog;

/// <summary>
/// Adds <c>Destructure.Metrix()</c> to the configuration of a logger.
/// </summary>
public static class MetrixDestructuringExtensions
{
    /// <summary>
    /// Keeps values whole that Serilog would take apart or turn into text of the machine's culture before any sink sees
    /// them: <c>BigInteger</c>, <c>Int128</c>, <c>UInt128</c>, <c>Half</c>, <c>Version</c> and <c>IPAddress</c>. In
    /// configuration: <c>"Destructure": [ { "Name": "Metrix" } ]</c>.
    /// </summary>
    /// <remarks>It holds for the logger, and so for its other sinks too: they render such a value as its text.</remarks>
    /// <param name="destructuring">The configuration of how the logger captures values.</param>
    /// <returns>The logger configuration, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="destructuring"/> is null.</exception>
    public static LoggerConfiguration Metrix(this LoggerDestructuringConfiguration destructuring)
    {
        ArgumentNullException.ThrowIfNull(destructuring);
        destructuring.AsScalar<BigInteger>();
        destructuring.AsScalar<Int128>();
        destructuring.AsScalar<UInt128>();
        destructuring.AsScalar<Half>();
        destructuring.AsScalar<Version>();

        // The well-known addresses are of a class of their own.
        destructuring.AsScalar(IPAddress.Loopback.GetType());
        return destructuring.AsScalar<IPAddress>();
    }
}
