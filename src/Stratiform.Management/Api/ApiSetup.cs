using Microsoft.Extensions.DependencyInjection.Extensions;
using Stratiform.Management.Accounts;
using Stratiform.Management.Jobs;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Api;

/// <summary>Composes the API; the process and the tests call the same two methods.</summary>
public static class ApiSetup
{
    /// <summary>Registers the API with every handler and every reader of wire shapes found in the assembly.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services, Action<ApiOptions>? configure = null)
    {
        var options = new ApiOptions();
        configure?.Invoke(options);
        var catalog = new ApiCatalog([typeof(ApiSetup).Assembly, .. options.MoreCommands]);
        services.AddSingleton(options).AddSingleton(catalog);
        foreach (var (contract, handler) in catalog.Handlers) services.AddScoped(contract, handler);
        foreach (var (contract, reader) in catalog.Readers) services.AddScoped(contract, reader);
        services.AddScoped(typeof(Lists<>));

        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ApiEndpoint>().AddSingleton<CommandRun>().AddSingleton<AnswerWriter>();
        services.AddSingleton<IntegrationListener>().AddSingleton<LiveSettings>().AddSingleton<SessionCookies>().AddSingleton<ApiKeys>();
        services.TryAddSingleton(new Passwords());
        services.TryAddSingleton<IJobProgress, NoProgress>();
        services.AddScoped<Authentication>().AddScoped<Bootstrap>().AddScoped<JobResults>();
        return services;
    }

    /// <summary>Serves the API where clients expect it.</summary>
    public static IEndpointRouteBuilder MapApi(this IEndpointRouteBuilder app)
    {
        var endpoint = app.ServiceProvider.GetRequiredService<ApiEndpoint>();
        app.MapMethods("/client/api", ["GET", "POST"], endpoint.ServeAsync);
        return app;
    }
}
