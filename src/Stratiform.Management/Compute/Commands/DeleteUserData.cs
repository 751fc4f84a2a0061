using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Forgets registered user data; guests that were deployed with it keep their copy.</summary>
[Command("Deletes registered user data", AllowedTo.Everyone)]
internal sealed record DeleteUserData : ICommand<Success>
{
    [Description("The user data")]
    public required Id<UserDataText> Id { get; init; }
}

internal sealed class DeleteUserDataHandler(CloudDb db) : IHandle<DeleteUserData, Success>
{
    public async Task<Success> HandleAsync(DeleteUserData command, Caller caller, CancellationToken ct)
    {
        db.Remove(await db.FindVisibleAsync(caller, command.Id, ct));
        return new();
    }
}
