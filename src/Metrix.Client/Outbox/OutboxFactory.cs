namespace Metrix.Client.Outbox;

/// <summary>
/// Makes the outbox that the settings ask for. The durable one is a package of its own, which is found by its name: to
/// reference it is all that an application has to do.
/// </summary>
internal abstract class OutboxFactory
{
    private const string Durable = "Metrix.Client.Sqlite.SqliteOutboxFactory, Metrix.Client.Sqlite";

    /// <exception cref="ArgumentException">The settings ask for a durable outbox, and the package is not there or cannot use
    /// the file.</exception>
    public static IOutbox Create(OutboxContext context)
    {
        if (context.Options.OutboxPath is null)
            return new MemoryOutbox(context.Options, context.Apps);

        if (Type.GetType(Durable) is not { } type)
        {
            throw new ArgumentException(
                "Metrix cannot start with these settings:" + Environment.NewLine +
                "  - OutboxPath: the package Metrix.Client.Sqlite, which keeps events in a file, is not there. Example: " +
                "dotnet add package Metrix.Client.Sqlite");
        }

        return ((OutboxFactory)Activator.CreateInstance(type)!).Open(context);
    }

    /// <summary>Opens the outbox in the file that the settings name.</summary>
    /// <exception cref="ArgumentException">The file is somebody else's, or of a newer version.</exception>
    protected abstract IOutbox Open(OutboxContext context);
}
