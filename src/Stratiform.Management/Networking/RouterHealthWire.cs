using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>What a router found when it looked at itself, as clients see it.</summary>
[WireName("routerhealthchecks")]
public sealed record RouterHealthWire
{
    [Description("The router's id")]
    public required Guid RouterId { get; init; }

    [Description("What it looked at; empty before its first look")]
    public required IReadOnlyList<RouterCheckWire> HealthChecks { get; init; }
}

/// <summary>One thing that a router looks at in itself, as clients see it.</summary>
public sealed record RouterCheckWire
{
    [Description("dnsmasq, metadata, haproxy, vpn, interfaces, filter, forwarding, memory, gateway or, of two that take turns, pair; agent when it does not answer")]
    public required string CheckName { get; init; }

    [Description("basic: the router looks by itself")]
    public string CheckType { get; init; } = "basic";

    [Description("Whether it is well")]
    public required bool Success { get; init; }

    [Description("SUCCESS or FAILED")]
    public required string Status { get; init; }

    [Description("When it looked")]
    public required DateTimeOffset LastUpdated { get; init; }

    [Description("Why it is not well")]
    public string? Details { get; init; }

    internal static IReadOnlyList<RouterCheckWire> Of(RouterSight? sight) => sight is null ? [] :
    [
        .. sight.Found.Select(look => new RouterCheckWire
        {
            CheckName = look.Name,
            Success = look.Text.Length == 0,
            Status = look.Text.Length == 0 ? "SUCCESS" : "FAILED",
            LastUpdated = sight.LookedAt,
            Details = look.Text.Length == 0 ? null : look.Text,
        }),
    ];
}

internal sealed class RouterHealthWireReader(CloudDb db) : IReadWire<RouterHealthWire>
{
    public async Task<IReadOnlyList<RouterHealthWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Router>(id)).ToList();
        var sights = await db.Set<RouterSight>().AsNoTracking().Where(s => keys.Contains(s.RouterId)).ToDictionaryAsync(s => s.RouterId, ct);
        return [.. keys.Select(id => new RouterHealthWire { RouterId = id.Value, HealthChecks = RouterCheckWire.Of(sights.GetValueOrDefault(id)) })];
    }
}
