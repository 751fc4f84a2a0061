using System.Net;
using Stratiform.Agent.Fencing;
using Stratiform.Agent.Serving;
using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>Messages about routers.</summary>
internal static class RouterMessages
{
    public static void List(MessageTable on)
    {
        on.Ensure((EnsureRouterConfiguration ensure) => Thing.Router(ensure.RouterId), (host, ensure, ct) =>
        {
            if (ensure.Generation < 1)
                throw new HostException(HostErrorCode.Invalid, "Generations of a router's configuration count from 1.");
            if (ensure.Files.FirstOrDefault(file => !IsInside(file.Path)) is { } bad)
                throw new HostException(HostErrorCode.Invalid, $"{bad.Path} leads out of the router's configuration.");
            return host.Drivers.Routers.EnsureAsync(ensure, ct);
        });

        on.Read(async (AgentHost host, ReadRouter read, CancellationToken ct) => read.IsBrief
            ? new RouterReport { Answers = await host.Drivers.Routers.AnswersAsync(read.RouterId, ct) }
            : await host.Drivers.Routers.ReadAsync(read.RouterId, ct));

        on.Read((AgentHost host, ReadRouterConnections read, CancellationToken ct) => host.Drivers.Routers.ReadConnectionsAsync(read.RouterId, ct));

        on.Ensure((EnsureRouterConnections ensure) => Thing.Router(ensure.RouterId), async (host, ensure, ct) =>
        {
            await host.Drivers.Routers.AdoptConnectionsAsync(ensure.RouterId, ensure.Packed, ct);
            return Done.Instance;
        });

        on.Ensure((EnsureRouterAside ensure) => Thing.Router(ensure.RouterId), async (host, ensure, ct) =>
        {
            await host.Drivers.Routers.YieldAsync(ensure.RouterId, ct);
            return Done.Instance;
        });

        on.Read((AgentHost host, ReadRouterHealth read, CancellationToken ct) => host.Drivers.Routers.LookAsync(read.RouterId, ct));

        on.Read((AgentHost host, ReadDiagnosis read, CancellationToken ct) =>
        {
            if (!IPAddress.TryParse(read.Address, out _)) throw new HostException(HostErrorCode.Invalid, $"{read.Address} is no address.");
            if (read.Options.FirstOrDefault(o => !ReadDiagnosis.IsOption(o)) is { } bad) throw new HostException(HostErrorCode.Invalid, $"{bad} is not an option.");
            return host.Drivers.Routers.DiagnoseAsync(read, ct);
        });

        on.Read((AgentHost host, ReadDiagnosticsData read, CancellationToken ct) =>
        {
            if (read.Parts.FirstOrDefault(p => !ReadDiagnosticsData.OfRouters.Contains(p)) is { } bad)
                throw new HostException(HostErrorCode.Invalid, $"{bad} is not handed out.");
            return host.Drivers.Routers.CollectAsync(read, ct);
        });

        on.Read((AgentHost host, ReadBalancers read, CancellationToken ct) => host.Drivers.Routers.CountAsync(read.RouterId, ct));

        on.Read((AgentHost host, ReadRouterTraffic read, CancellationToken ct) => host.Drivers.Routers.ReadTrafficAsync(read.RouterId, ct));

        on.Read((AgentHost host, ReadRouterTunnels read, CancellationToken ct) => host.Drivers.Routers.TunnelsAsync(read.RouterId, ct));
    }

    private static bool IsInside(string path) =>
        path.Length is > 0 and < 200
        && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/' or '@' or ':')
        && path.Split('/').All(part => part is not ("" or "." or ".."));
}
