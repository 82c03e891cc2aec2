using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Outbox;

namespace Metrix.Client.Sqlite;

/// <summary>What the client finds by its name when the settings ask for a durable outbox.</summary>
internal sealed class SqliteOutboxFactory : OutboxFactory
{
    protected override IOutbox Open(OutboxContext context) => SqliteOutbox.Open(context);
}
