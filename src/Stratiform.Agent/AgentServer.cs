using Stratiform.Agent.Compute;
using Stratiform.Agent.Fencing;
using Stratiform.Agent.Networking;
using Stratiform.Agent.Reporting;
using Stratiform.Agent.Serving;
using Stratiform.Agent.Storage;
using Stratiform.Agent.SystemVms;
using Stratiform.Linux;

namespace Stratiform.Agent;

/// <summary>Brings a real host's drivers together and lets them be spoken to. Its end touches no guest.</summary>
internal static class AgentServer
{
    public static WebApplication Build(AgentConfig config, TimeProvider time)
    {
        Directory.CreateDirectory(config.State);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));
        builder.WebHost.ConfigureKestrel(kestrel => ListenAddress.Parse(config.Listen).Configure(kestrel));
        AddDrivers(builder.Services, config, time);
        builder.Services.AddSingleton<IFenceStore>(_ => FileFenceStore.Open(Path.Combine(config.State, "fences")));
        builder.Services.AddSingleton<AgentHost>();
        builder.Services.AddHostedService<Heartbeat>();
        var web = builder.Build();
        var host = web.Services.GetRequiredService<AgentHost>();
        if (ListenAddress.Parse(config.Listen).SocketPath is { } socket)
        {
            web.Lifetime.ApplicationStarted.Register(
                () => File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
        web.Run(http => AgentEndpoint.ServeAsync(http, host, http.Request.Path.Value!.TrimStart('/')));
        return web;
    }

    private static void AddDrivers(IServiceCollection services, AgentConfig config, TimeProvider time)
    {
        services.AddSingleton(time);
        services.AddSingleton(_ => new Libvirt(config.Libvirt));
        services.AddSingleton<IMachine>(new LinuxMachine(config.HostId, config.Traffic.Management, config.ReservedMemoryMib));
        services.AddSingleton(new LibvirtOptions(config.State, config.Images, config.CpuShares));
        services.AddSingleton<IHypervisor, LibvirtHypervisor>();
        services.AddSingleton<IPoolDriver>(_ => new DirectoryPools(config.State));
        services.AddSingleton<INetworkFabric>(provider => new BridgeFabric(
            new Ip(), config.Traffic, config.State, provider.GetRequiredService<IMachine>().BootId));
        services.AddSingleton<IRouterChannel, GuestAgentRouter>();
        services.AddSingleton<HostDrivers>();
    }
}
