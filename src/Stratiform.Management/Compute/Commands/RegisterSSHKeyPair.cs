using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Registers the public half of a key pair that the caller has.</summary>
[Command("Registers a public SSH key", AllowedTo.Everyone)]
internal sealed record RegisterSSHKeyPair : ICommand<NewKeyPairWire>
{
    [Description("The key pair's name")]
    public required string Name { get; init; }

    [Description("The public half, one line")]
    [MaxLength(5120)]
    public required string PublicKey { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class RegisterSSHKeyPairHandler(CloudDb db, KeyPairs pairs) : IHandle<RegisterSSHKeyPair, NewKeyPairWire>
{
    public async Task<NewKeyPairWire> HandleAsync(RegisterSSHKeyPair command, Caller caller, CancellationToken ct)
    {
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        return await pairs.AddAsync(command.Name, PublicKeys.Require(command.PublicKey), owner, ct);
    }
}
