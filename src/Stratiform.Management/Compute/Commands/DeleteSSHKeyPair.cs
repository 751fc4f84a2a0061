using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Deletes a key pair; guests that let it in still do.</summary>
[Command("Deletes an SSH key pair", AllowedTo.Everyone)]
internal sealed record DeleteSSHKeyPair : ICommand<Success>
{
    [Description("The key pair's name")]
    public required string Name { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class DeleteSSHKeyPairHandler(CloudDb db) : IHandle<DeleteSSHKeyPair, Success>
{
    public async Task<Success> HandleAsync(DeleteSSHKeyPair command, Caller caller, CancellationToken ct)
    {
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        var pair = await db.Set<SshKeyPair>().SingleOrDefaultAsync(k => k.AccountId == owner.AccountId && k.Name == command.Name, ct)
            ?? throw Refusal.Parameter($"A key pair with name '{command.Name}' does not exist.");
        db.Remove(pair);
        return new();
    }
}
