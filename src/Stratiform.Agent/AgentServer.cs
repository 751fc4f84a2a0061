using Stratiform.Agent.Compute;
using Stratiform.Agent.Enrolling;
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
    /// <param name="config">What the operator said.</param>
    /// <param name="time">The clock.</param>
    /// <param name="drivers">Registers other drivers in place of the real ones.</param>
    public static WebApplication Build(AgentConfig config, TimeProvider time, Action<IServiceCollection>? drivers = null)
    {
        var listen = ListenAddress.ParseProtected(config.Listen);
        Directory.CreateDirectory(config.State);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));
        builder.WebHost.ConfigureKestrel(kestrel => listen.Configure(
            kestrel, listen.IsSecure ? kestrel.ApplicationServices.GetRequiredService<AgentIdentity>() : null));
        builder.Services.AddSingleton(time);
        if (drivers is not null) drivers(builder.Services);
        else AddDrivers(builder.Services, config);
        builder.Services.AddSingleton(_ => new IdentityFolder(config.State)).AddSingleton<AgentIdentity>().AddSingleton<EnrolmentGate>();
        builder.Services.AddSingleton<IFenceStore>(_ => FileFenceStore.Open(Path.Combine(config.State, "fences")));
        builder.Services.AddSingleton<HostDrivers>().AddSingleton<AgentHost>();
        builder.Services.AddHostedService<Heartbeat>();
        var web = builder.Build();
        var host = web.Services.GetRequiredService<AgentHost>();
        if (listen.SocketPath is { } socket)
        {
            web.Lifetime.ApplicationStarted.Register(
                () => File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
        var gate = listen.IsSecure ? web.Services.GetRequiredService<EnrolmentGate>() : null;
        web.Run(http =>
        {
            var path = http.Request.Path.Value!.TrimStart('/');
            return gate is null ? AgentEndpoint.ServeAsync(http, host, path) : gate.ServeAsync(http, path);
        });
        return web;
    }

    private static void AddDrivers(IServiceCollection services, AgentConfig config)
    {
        services.AddSingleton(_ => new Libvirt(config.Libvirt));
        services.AddSingleton<IMachine>(new LinuxMachine(config.HostId, config.Traffic.Management, config.ReservedMemoryMib));
        services.AddSingleton(new LibvirtOptions(config.State, config.Images, config.Channels, config.CpuShares));
        services.AddSingleton<IHypervisor, LibvirtHypervisor>();
        services.AddSingleton<IPoolDriver>(_ => new DirectoryPools(config.State));
        services.AddSingleton<INetworkFabric>(provider => new BridgeFabric(
            new Ip(), new Nft(), config.Traffic, config.State, provider.GetRequiredService<IMachine>().BootId));
        services.AddSingleton<IRouterChannel, GuestAgentRouter>();
        services.AddSingleton<IWorkerChannel>(provider => new VirtioWorkers(
            provider.GetRequiredService<IHypervisor>(), config.Channels, provider.GetRequiredService<TimeProvider>()));
    }
}
