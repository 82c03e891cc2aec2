namespace Metrix.Client;

/// <summary>
/// Holds the ambient end user. Events emitted in a scope are attributed to its user unless the record names another
/// one.
/// </summary>
/// <remarks>
/// The user flows through <c>await</c> and into tasks that the flow starts. Other sinks and exporters do not see it.
/// </remarks>
public static class MetrixContext
{
    /// <summary>
    /// The custom property of an activity that holds the <see cref="MetrixIdentity"/> of its user. Exporters export
    /// tags, not custom properties.
    /// </summary>
    internal const string ActivityProperty = "metrix.identity";

    private static readonly AsyncLocal<Scope?> Ambient = new();

    /// <summary>
    /// Gets the current end user, or null outside any scope.
    /// </summary>
    public static MetrixIdentity? Current => Ambient.Value?.Identity;

    /// <summary>
    /// Begins a scope whose events belong to an end user. Disposing the scope restores the previous user. Work that was
    /// started in the scope and continues after it keeps the user.
    /// </summary>
    /// <param name="identity">The end user.</param>
    /// <returns>The scope. Dispose it in the execution flow that began it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="identity"/> is null.</exception>
    public static IDisposable BeginScope(MetrixIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return BeginScopeOrHide(identity);
    }

    /// <summary>Begins a scope for an end user. Null hides the user of the outer scope.</summary>
    internal static IDisposable BeginScopeOrHide(MetrixIdentity? identity) =>
        Ambient.Value = new Scope(identity, Ambient.Value);

    private sealed class Scope(MetrixIdentity? identity, Scope? outer) : IDisposable
    {
        private readonly Scope? _outer = outer;
        private bool _isDisposed;

        public MetrixIdentity? Identity { get; } = identity;

        public void Dispose()
        {
            if (_isDisposed)
                return;

            // When scopes are disposed out of order, the innermost open one stays current. Disposing that one later
            // skips the outer scopes that are already disposed.
            _isDisposed = true;
            if (Ambient.Value != this)
                return;

            var open = _outer;
            while (open is { _isDisposed: true })
                open = open._outer;
            Ambient.Value = open;
        }
    }
}
