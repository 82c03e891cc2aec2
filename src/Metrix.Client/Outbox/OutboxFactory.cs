namespace Metrix.Client.Outbox;

/// <summary>
/// Creates the outbox that the settings ask for. The durable one is in its own package and is found by its type name,
/// so an application only has to reference the package.
/// </summary>
internal abstract class OutboxFactory
{
    private const string DurableFactory = "Metrix.Client.Sqlite.SqliteOutboxFactory, Metrix.Client.Sqlite";

    /// <summary>Creates the outbox.</summary>
    /// <exception cref="ArgumentException">The settings ask for a durable outbox, and its package is missing or cannot
    /// use the file.</exception>
    public static IOutbox Create(OutboxContext context)
    {
        if (context.Options.OutboxPath is null)
            return new MemoryOutbox(context.Options, context.Apps);

        if (Type.GetType(DurableFactory) is not { } type)
        {
            throw new ArgumentException(
                "Metrix cannot start with these settings:" + Environment.NewLine +
                "  - OutboxPath: the package Metrix.Client.Sqlite is missing, which stores events in a file. " +
                "Example: dotnet add package Metrix.Client.Sqlite");
        }

        return ((OutboxFactory)Activator.CreateInstance(type)!).Open(context);
    }

    /// <summary>Opens the outbox in the file that the settings name.</summary>
    /// <exception cref="ArgumentException">The file belongs to another application or a newer version.</exception>
    protected abstract IOutbox Open(OutboxContext context);
}
