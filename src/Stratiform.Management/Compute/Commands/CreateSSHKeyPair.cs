using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Makes a key pair and shows its private half, this once.</summary>
[Command("Creates an SSH key pair and shows its private half once", AllowedTo.Everyone)]
internal sealed record CreateSSHKeyPair : ICommand<NewKeyPairWire>
{
    [Description("The key pair's name")]
    public required string Name { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

/// <summary>A key pair with its private half, which nobody keeps.</summary>
[WireName("keypair")]
public sealed record NewKeyPairWire
{
    [Description("The key pair's id")]
    public required Guid Id { get; init; }

    [Description("The key pair's name")]
    public required string Name { get; init; }

    [Description("MD5 of the public half, in pairs")]
    public required string Fingerprint { get; init; }

    [Description("The private half in PEM; absent for a registered key")]
    public string? PrivateKey { get; init; }
}

internal sealed class CreateSSHKeyPairHandler(CloudDb db, KeyPairs pairs) : IHandle<CreateSSHKeyPair, NewKeyPairWire>
{
    public async Task<NewKeyPairWire> HandleAsync(CreateSSHKeyPair command, Caller caller, CancellationToken ct)
    {
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        var (publicKey, privateKey) = PublicKeys.Create();
        return await pairs.AddAsync(command.Name, publicKey, owner, ct) with { PrivateKey = privateKey };
    }
}

/// <summary>Adds key pairs, whoever made them.</summary>
internal sealed class KeyPairs(CloudDb db, TimeProvider clock)
{
    public async Task<NewKeyPairWire> AddAsync(string name, string publicKey, Owner owner, CancellationToken ct)
    {
        if (await db.Set<SshKeyPair>().AnyAsync(k => k.AccountId == owner.AccountId && k.Name == name, ct))
            throw Refusal.Parameter($"A key pair with name '{name}' already exists.");
        var pair = new SshKeyPair(name, publicKey, PublicKeys.FingerprintOf(publicKey), owner.AccountId, owner.DomainId, clock.GetUtcNow());
        db.Add(pair);
        return new() { Id = pair.Id.Value, Name = name, Fingerprint = pair.Fingerprint };
    }
}
