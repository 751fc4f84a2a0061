using System.ComponentModel;
using Stratiform.Management.Api;

namespace Stratiform.Management.Networking.Commands;

/// <summary>How much memory a router needs for so many connections at once through its load balancers. CloudStack has no such command.</summary>
[Command("Says how much memory a router needs for so many connections through its load balancers", AllowedTo.Everyone)]
internal sealed record SizeRouter : IQuery<RouterSizeWire>
{
    [Description("Connections of clients at once")]
    public required int Connections { get; init; }

    [Description("True when the router ends TLS for them")]
    public bool? Tls { get; init; }

    [Description("x86_64 or i386, the router's; x86_64 unless said")]
    public string? Arch { get; init; }
}

/// <summary>A size of routers as clients see it.</summary>
[WireName("routersize")]
public sealed record RouterSizeWire
{
    [Description("x86_64 or i386")]
    public required string Arch { get; init; }

    [Description("Connections that were asked for")]
    public required int Connections { get; init; }

    [Description("Whether the router ends TLS for them")]
    public required bool Tls { get; init; }

    [Description("The memory that a router needs for them, in MiB")]
    public required long Memory { get; init; }

    [Description("How many connections its load balancers take at once with that memory")]
    public required long ConnectionMax { get; init; }

    [Description("How many connections it tracks at once with that memory, two for each that is balanced")]
    public required long TrackedMax { get; init; }
}

internal sealed class SizeRouterHandler : IHandle<SizeRouter, RouterSizeWire>
{
    public Task<RouterSizeWire> HandleAsync(SizeRouter command, Caller caller, CancellationToken ct)
    {
        if (command.Connections < 1) throw Refusal.Parameter($"connections cannot be {command.Connections}; it is 1 or more.");
        var tls = command.Tls == true;
        var size = RouterSize.Of(command.Arch ?? RouterSize.Bits64.Arch)
            ?? throw Refusal.Parameter($"arch {command.Arch} is none of routers; use {RouterSize.Bits64.Arch} or {RouterSize.Bits32.Arch}.");
        var memory = size.Memory(command.Connections, tls) ?? throw Refusal.Parameter(size.Objection(command.Connections, tls));
        var limits = size.Limits(memory, tls);
        return Task.FromResult(new RouterSizeWire
        {
            Arch = size.Arch,
            Connections = command.Connections,
            Tls = tls,
            Memory = memory,
            ConnectionMax = limits.Connections,
            TrackedMax = limits.Tracked,
        });
    }
}
