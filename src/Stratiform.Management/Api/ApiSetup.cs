using Microsoft.Extensions.DependencyInjection.Extensions;
using Stratiform.Management.Accounts;
using Stratiform.Management.Events;
using Stratiform.Management.Jobs;
using Stratiform.Management.Settings;
using Stratiform.Management.Telemetry;

namespace Stratiform.Management.Api;

/// <summary>Composes the API; the process and the tests call the same two methods.</summary>
public static class ApiSetup
{
    /// <summary>
    /// Registers the API with every handler and every reader of wire shapes found in the assembly, and opens the listener that
    /// asks for no proof when its setting says so. The web server's own addresses must be given by <c>Listen…</c>, for the
    /// listener's configuration hides <c>urls</c>.
    /// </summary>
    public static WebApplicationBuilder AddApi(this WebApplicationBuilder builder, Action<ApiOptions>? configure = null)
    {
        var options = new ApiOptions();
        configure?.Invoke(options);
        builder.Services.AddCatalogs(new ApiCatalog([typeof(ApiSetup).Assembly, .. options.MoreCommands])).AddParts();
        IntegrationListener.Open(builder);
        return builder;
    }

    /// <summary>Serves the API where clients expect it.</summary>
    public static WebApplication MapApi(this WebApplication app)
    {
        var endpoint = app.Services.GetRequiredService<ApiEndpoint>();
        app.Services.GetRequiredService<IntegrationPort>().Follow(app.Services.GetRequiredService<LiveSettings>());
        app.UseWhen(IntegrationListener.Serves, trusted => trusted.Run(endpoint.ServeAsync));
        app.MapMethods("/client/api", [HttpMethods.Get, HttpMethods.Post], endpoint.ServeAsync);
        return app;
    }

    private static IServiceCollection AddCatalogs(this IServiceCollection services, ApiCatalog catalog)
    {
        var assembly = typeof(ApiSetup).Assembly;
        services.AddSingleton(catalog).AddSingleton(new SettingCatalog(assembly)).AddSingleton(new EventCatalog(assembly));
        foreach (var (contract, handler) in catalog.Handlers) services.AddScoped(contract, handler);
        foreach (var (contract, reader) in catalog.Readers) services.AddScoped(contract, reader);
        return services.AddScoped(typeof(Lists<>));
    }

    private static void AddParts(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new Passwords());
        services.TryAddSingleton<CloudMeter>();
        services.TryAddSingleton<IJobProgress, NoProgress>();
        services.AddSingleton<ApiEndpoint>().AddSingleton<Admission>().AddSingleton<CommandRun>().AddSingleton<AnswerWriter>();
        services.AddSingleton<Pages>().AddSingleton<SessionCookies>().AddSingleton<ApiKeys>().AddScoped<Authority>().AddScoped<Users>();
        services.AddScoped<Authentication>().AddScoped<Bootstrap>().AddScoped<DefaultRoles>();
        services.AddScoped<JobResults>().AddScoped<EventLog>().AddScoped<Announcer>().AddScoped<CommandCommit>().AddSingleton<Limits>();
        services.AddRemembered<LiveSettings>().AddRemembered<LiveRoles>().AddHostedService<Announcements>();
    }

    private static IServiceCollection AddRemembered<T>(this IServiceCollection services) where T : class, IRemembered =>
        services.AddSingleton<T>().AddSingleton<IRemembered>(provider => provider.GetRequiredService<T>());
}
