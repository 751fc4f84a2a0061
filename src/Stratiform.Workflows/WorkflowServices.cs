using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Stratiform.Workflows;

/// <summary>Adds the engine to a host. The host registers its context as <c>DbContext</c> too.</summary>
public static class WorkflowServices
{
    /// <summary>Adds queue, engine and duties over the workflows and reconcilers of an assembly.</summary>
    public static IServiceCollection AddWorkflows(this IServiceCollection services, EngineOptions options, params Assembly[] assemblies)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(new WorkflowCatalog(assemblies));
        services.AddSingleton(new ReconcilerCatalog(assemblies));
        services.AddSingleton<WorkSignal>();
        services.AddScoped<WorkflowQueue>();
        services.AddScoped<CurrentWorkflow>();
        services.AddScoped<Duties>();
        services.AddSingleton<Engine>();
        services.AddHostedService(provider => provider.GetRequiredService<Engine>());
        services.AddSingleton<ReconcilerLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<ReconcilerLoop>());
        return services;
    }
}
