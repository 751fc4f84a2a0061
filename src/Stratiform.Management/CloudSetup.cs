using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Audit;
using Stratiform.Management.Compute;
using Stratiform.Management.Compute.Commands;
using Stratiform.Management.Compute.Reconcilers;
using Stratiform.Management.Database;
using Stratiform.Management.Events;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Management.Jobs;
using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Reconcilers;
using Stratiform.Management.Storage;
using Stratiform.Management.Storage.Reconcilers;
using Stratiform.Management.SystemVms;
using Stratiform.Management.SystemVms.Reconcilers;
using Stratiform.Management.Telemetry;
using Stratiform.Workflows;

namespace Stratiform.Management;

/// <summary>Composes a management server; the process and the tests call the same method.</summary>
public static class CloudSetup
{
    /// <summary>Registers everything but the database's connection and the web server's addresses.</summary>
    public static WebApplicationBuilder AddCloud(this WebApplicationBuilder builder, CloudOptions options, Action<ApiOptions>? api = null)
    {
        builder.AddTelemetry().AddApi(api);
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(options.Secrets);
        services.AddSingleton<CloudAuthority>().AddSingleton<Enrolments>();
        services.AddSingleton(provider => new AgentConnections(provider.GetRequiredService<CloudAuthority>(), options.Simulator));
        services.AddScoped<DbContext>(provider => provider.GetRequiredService<CloudDb>());
        services.AddWorkflows(options.Engine, typeof(CloudSetup).Assembly);
        services.AddSingleton<IWorkflowJournal, EventJournal>().AddSingleton<IJobProgress, PlanProgress>().AddScoped<StuckWorkflows>();
        services.AddHostedService<WatchLoop>();
        services.AddScoped<Hosts>().AddScoped<Sights>();
        services.AddScoped<ISightDuty, SightDuty<HostSync>>();
        services.AddScoped<ISightDuty, SightDuty<PowerStateSync>>().AddScoped<ISightDuty, SightDuty<RouterSync>>()
            .AddScoped<ISightDuty, SightDuty<SystemVmSync>>();
        services.AddPlacement();
        services.AddScoped<PoolChoice>().AddScoped<PoolHosts>().AddScoped<HostPools>();
        services.AddScoped<ImageTransfer>().AddScoped<StoreChoice>().AddScoped<StoreSources>().AddScoped<StoreMigration>().AddScoped<ImageCopies>().AddScoped<ImageRegistration>().AddScoped<StoreLinks>().AddScoped<ExpectedUploads>().AddScoped<ImageDownloads>()
            .AddScoped<StoreContents>().AddScoped<AttemptsAtWork>().AddScoped<SparePoolImages>().AddScoped<SpareStoreImages>();
        services.AddSingleton<HostQuestions>().AddSingleton<RouterQuestions>().AddScoped<IGauges, BalancerGauges>().AddScoped<IGauges, TrafficGauges>();
        services.AddScoped<Addresses>().AddScoped<Quarantine>().AddScoped<NetworkPermissions>().AddScoped<FirstNetworks>().AddScoped<RoutersInStep>().AddScoped<RouterRoster>().AddScoped<RouterRoom>().AddScoped<RouterConfigurations>().AddScoped<RuleOrders>().AddScoped<VpnLook>();
        services.AddScoped<Machines>().AddScoped<GroupsInStep>().AddScoped<GroupsOnHost>().AddScoped<GroupRuleOrders>().AddScoped<SystemOfferings>().AddScoped<IRouterOfferings>(services => services.GetRequiredService<SystemOfferings>()).AddScoped<VmPlacement>().AddScoped<KeyPairs>().AddScoped<GuestPasswords>().AddScoped<IGuestsOfNetwork, GuestsOfNetwork>().AddScoped<IHoldings, Holdings>();
        services.AddScoped<IWorkers, Workers>().AddScoped<IGauges, WorkerGauges>().AddScoped<WorkerCounts>().AddScoped<WorkerSetups>().AddScoped<SystemVmAddresses>();
        services.AddScoped<UnfinishedWork>().AddScoped<CloudAudit>().AddScoped<Inventories>().AddScoped<HostsAudit>().AddScoped<StoresAudit>().AddScoped<DatabaseAudit>();
        return builder;
    }

    // In the order in which an operator would ask: is it the one, is it usable, does it fit?
    private static void AddPlacement(this IServiceCollection services)
    {
#pragma warning disable RS0030 // The one Random that is injected.
        services.AddSingleton(_ => Random.Shared);
#pragma warning restore RS0030
        services.AddSingleton<HostRoom>().AddSingleton<Planner>();
        services.AddSingleton<IHostFilter, HostIsAskedFor>();
        services.AddSingleton<IHostFilter, HostIsAnotherOne>();
        services.AddSingleton<IHostFilter, HostIsEnabled>();
        services.AddSingleton<IHostFilter, HostIsUp>();
        services.AddSingleton<IHostFilter, HostHasTags>();
        services.AddSingleton<IHostFilter, HostHasImage>();
        services.AddSingleton<IHostFilter, HostHasProcessors>();
        services.AddSingleton<IHostFilter, HostHasCpu>();
        services.AddSingleton<IHostFilter, HostHasMemory>();
        services.AddSingleton<IHostFilter, HostReachesStorage>();
        services.AddSingleton<IHostScorer, PreferLastHost>();
        services.AddSingleton<IHostScorer, PreferFreeMemory>();
    }
}

/// <summary>What differs between the process and a test.</summary>
public sealed record CloudOptions
{
    /// <summary>How workflows run here.</summary>
    public required EngineOptions Engine { get; init; }

    /// <summary>The master key.</summary>
    public required Secrets Secrets { get; init; }

    /// <summary>Where simulated hosts listen; null without a simulator.</summary>
    public Uri? Simulator { get; init; }
}
