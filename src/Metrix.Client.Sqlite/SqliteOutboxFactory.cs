using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Outbox;

namespace Metrix.Client.Sqlite;

/// <summary>Creates the durable outbox. The client finds this class by its name.</summary>
internal sealed class SqliteOutboxFactory : OutboxFactory
{
    protected override IOutbox Open(OutboxContext context) => SqliteOutbox.Open(context);
}
