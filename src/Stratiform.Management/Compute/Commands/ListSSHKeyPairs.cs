using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Compute.Commands;

/// <summary>The key pairs that exist for the caller.</summary>
[Command("Lists SSH key pairs", AllowedTo.Everyone)]
internal sealed record ListSSHKeyPairs : OwnedListQuery<SshKeyPair, SshKeyPairWire>
{
    [Description("Lists only the key pair of this name")]
    public string? Name { get; init; }

    [Description("Lists only key pairs with this fingerprint")]
    public string? Fingerprint { get; init; }
}

internal sealed class ListSSHKeyPairsHandler(CloudDb db, Lists<SshKeyPairWire> lists) : IHandle<ListSSHKeyPairs, Page<SshKeyPairWire>>
{
    public async Task<Page<SshKeyPairWire>> HandleAsync(ListSSHKeyPairs command, Caller caller, CancellationToken ct)
    {
        var pairs = await db.ListedAsync(command, caller, ct);
        if (command.Name is { } name) pairs = pairs.Where(k => k.Name == name);
        if (command.Fingerprint is { } print) pairs = pairs.Where(k => k.Fingerprint == print);
        if (command.Keyword is { } keyword) pairs = pairs.Where(k => EF.Functions.ILike(k.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(pairs.OrderBy(k => k.Id).Select(k => k.Id), command, caller, ct);
    }
}
