using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Workflows;

namespace Stratiform.Management.Api;

/// <summary>The commit of a command: what its handler changed, with the set-based statements that must hold at that moment.</summary>
internal sealed class CommandCommit(CloudDb db, WorkSignal? signal = null)
{
    private readonly List<Func<DbContext, CancellationToken, Task>> _statements = [];

    /// <summary>Runs a statement in the command's own commit; if it throws, the command is refused and nothing was written.</summary>
    public void Add(Func<DbContext, CancellationToken, Task> statement) => _statements.Add(statement);

    /// <summary>Commits.</summary>
    public async Task SaveAsync(CancellationToken ct)
    {
        if (_statements.Count == 0)
        {
            await db.SaveChangesAsync(ct);
            return;
        }
#pragma warning disable RS0030 // A command's set-based statements belong to its commit, as a step's do to the step's.
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
#pragma warning restore RS0030
        await db.SaveChangesAsync(ct);
        // Last, since many wait for the rows that they change.
        foreach (var statement in _statements) await statement(db, ct);
        await transaction.CommitAsync(ct);
        // Engines were told of what was ordered when it was saved: too early to see it.
        signal?.Announce();
    }
}
