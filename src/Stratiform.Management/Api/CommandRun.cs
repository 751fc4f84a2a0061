using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Stratiform.Management.Events;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Api;

/// <summary>
/// Carries out one command: its handler, then one commit, then the answer's body. Whoever loses a race for a row starts again
/// from the look-up, so that the checks see what the winner did.
/// </summary>
internal sealed class CommandRun(IServiceScopeFactory scopes)
{
    private const int Tries = 3;

    /// <summary>What stands under the answer's envelope.</summary>
    public async Task<JsonObject> RunAsync(ApiCommand command, object record, Caller caller, CancellationToken ct)
    {
        for (var tried = 1; ; tried++)
        {
            await using var scope = scopes.CreateAsyncScope();
            try
            {
                var answer = await command.HandleAsync(scope.ServiceProvider, record, caller, ct);
                if (!command.IsQuery) await CommitAsync(scope.ServiceProvider, command, answer, caller, ct);
                if (answer is IAfterJob { JobId: { } job }) await WorkflowEnd.AwaitAsync(scope.ServiceProvider, job, ct);
                return await AnswerBody.OfAsync(command, answer, caller, scope.ServiceProvider, ct);
            }
            catch (Exception lost) when (IsLostRace(lost))
            {
                if (tried == Tries) throw Refusal.LostRace();
            }
        }
    }

    private static async Task CommitAsync(IServiceProvider services, ApiCommand command, object answer, Caller caller, CancellationToken ct)
    {
        services.GetRequiredService<EventLog>().AddUnlessJournaled(command.Name, caller, (answer as IShown)?.Shown);
        await services.GetRequiredService<CommandCommit>().SaveAsync(ct);
        await services.GetRequiredService<Announcer>().SendAsync(ct);
    }

    private static bool IsLostRace(Exception thrown) => thrown is DbUpdateConcurrencyException || StateOf(thrown) is
        PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation
        or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    private static string? StateOf(Exception thrown) => ((thrown as PostgresException) ?? thrown.InnerException as PostgresException)?.SqlState;
}
