using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>Says whether a host may be used, and what it is for. What runs there goes on.</summary>
[Command("Updates a host")]
internal sealed record UpdateHost : ICommand<Shown<HostWire>>
{
    [Description("The host")]
    public required Id<Host> Id { get; init; }

    [Description("Enable lets guests be placed there, Disable places no more")]
    public string? AllocationState { get; init; }

    [Description("Its tags, comma separated, instead of those it has; empty for none")]
    public string? HostTags { get; init; }
}

internal sealed class UpdateHostHandler(CloudDb db, HostRoom room) : IHandle<UpdateHost, Shown<HostWire>>
{
    public async Task<Shown<HostWire>> HandleAsync(UpdateHost command, Caller caller, CancellationToken ct)
    {
        var host = await db.FindAsync(caller, command.Id, ct);
        host.AllocationState = command.AllocationState?.ToLowerInvariant() switch
        {
            null => host.AllocationState,
            "enable" or "enabled" => Infrastructure.AllocationState.Enabled,
            "disable" or "disabled" => Infrastructure.AllocationState.Disabled,
            _ => throw Refusal.Parameter($"allocationstate {command.AllocationState} is neither Enable nor Disable."),
        };
        if (command.HostTags is { } tags) host.Tags = tags.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        room.Forget();
        return new(host.Id.Value);
    }
}
