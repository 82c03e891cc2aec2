namespace Metrix.Client;

/// <summary>
/// The end user whom the work at hand is for: what is emitted meanwhile belongs to him, unless it says otherwise itself.
/// It flows with the work through <c>await</c> and into tasks that are started by it, and no other sink or exporter sees it.
/// </summary>
public static class MetrixContext
{
    /// <summary>
    /// The custom property of an activity that holds the <see cref="MetrixIdentity"/> it belongs to. Exporters export tags,
    /// and no custom properties.
    /// </summary>
    internal const string ActivityProperty = "metrix.identity";

    private static readonly AsyncLocal<Scope?> Ambient = new();

    /// <summary>
    /// The end user of the work at hand, or null when none was told.
    /// </summary>
    public static MetrixIdentity? Current => Ambient.Value?.Identity;

    /// <summary>
    /// Tells whom the work that follows is for, until the scope is disposed; then it is who it was before. Work that was
    /// started meanwhile and goes on belongs to him still.
    /// </summary>
    /// <param name="identity">The end user.</param>
    /// <returns>The scope, to be disposed by the flow of execution that made it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="identity"/> is null.</exception>
    public static IDisposable BeginScope(MetrixIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return BeginScopeOrHide(identity);
    }

    /// <summary>Tells whom the work that follows is for; null hides who was told before.</summary>
    internal static IDisposable BeginScopeOrHide(MetrixIdentity? identity) => Ambient.Value = new Scope(identity, Ambient.Value);

    private sealed class Scope(MetrixIdentity? identity, Scope? outer) : IDisposable
    {
        private bool _isDisposed;

        public MetrixIdentity? Identity { get; } = identity;

        public void Dispose()
        {
            if (_isDisposed)
                return;

            // Out of order, the innermost that is still open stays; whoever closes it passes over those that are not.
            _isDisposed = true;
            if (Ambient.Value != this)
                return;

            var open = Outer;
            while (open is { _isDisposed: true })
                open = open.Outer;
            Ambient.Value = open;
        }

        private Scope? Outer { get; } = outer;
    }
}
