using System.Net;
using System.Numerics;
using Serilog.Configuration;

namespace Serilog;

/// <summary>
/// Adds <c>Destructure.Metrix()</c> to the logger configuration.
/// </summary>
public static class MetrixDestructuringExtensions
{
    /// <summary>
    /// Captures <c>BigInteger</c>, <c>Int128</c>, <c>UInt128</c>, <c>Half</c>, <c>Version</c> and <c>IPAddress</c> as
    /// scalar values.
    /// </summary>
    /// <remarks>
    /// Without this call, Serilog destructures these values, or converts them to text in the culture of the machine,
    /// before any sink sees them. The setting applies to the whole logger: its other sinks render such a value as text.
    /// In configuration, write <c>"Destructure": [ { "Name": "Metrix" } ]</c>.
    /// </remarks>
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

        // IPAddress.Loopback and the other well-known addresses are instances of a private derived class. AsScalar
        // compares exact types, so that class must be registered too.
        destructuring.AsScalar(IPAddress.Loopback.GetType());
        return destructuring.AsScalar<IPAddress>();
    }
}
