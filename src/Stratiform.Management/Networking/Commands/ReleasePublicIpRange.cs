using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Everybody may have a range's addresses again; who has one keeps it.</summary>
[Command("Opens a range of public addresses that was kept for a domain or account to everybody")]
internal sealed record ReleasePublicIpRange : ICommand<Success>
{
    [Description("The range")]
    public required Id<PublicIpRange> Id { get; init; }
}

internal sealed class ReleasePublicIpRangeHandler(CloudDb db) : IHandle<ReleasePublicIpRange, Success>
{
    public async Task<Success> HandleAsync(ReleasePublicIpRange command, Caller caller, CancellationToken ct)
    {
        var range = await db.FindRangeAsync(caller, command.Id, isPortable: false, ct);
        if (range.KeptForDomainId is null) throw Refusal.Parameter("The range is open to everybody already; there is nothing to release.");
        range.KeepFor(null, null);
        return new();
    }
}
