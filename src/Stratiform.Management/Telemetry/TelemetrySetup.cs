using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Stratiform.Management.Telemetry;

/// <summary>Composes logs, metrics and traces.</summary>
public static class TelemetrySetup
{
    /// <summary>The variable that names a collector of traces; without it none are made.</summary>
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The variable that asks for logs as one JSON object per line: <c>json</c>.</summary>
    private const string LogFormat = "STRATIFORM_LOG";

    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CloudMeter>().AddSingleton<Series>().AddHostedService<IdleMemory>();
        if (builder.Configuration[LogFormat] == "json")
            builder.Logging.ClearProviders().AddJsonConsole(console => (console.IncludeScopes, console.UseUtcTimestamp) = (true, true));
        else
            builder.Logging.ClearProviders().AddSimpleConsole(console =>
                (console.IncludeScopes, console.SingleLine, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, true, "yyyy-MM-dd HH:mm:ss "));
        if (builder.Configuration[Collector] is { Length: > 0 }) builder.Services.AddSingleton(_ => Traces());
        return builder;
    }

    /// <summary>Serves health and metrics, and begins to count.</summary>
    public static WebApplication MapTelemetry(this WebApplication app)
    {
        app.Services.GetRequiredService<Series>();
        app.Services.GetService<TracerProvider>();
        HealthEndpoints.Map(app);
        return app;
    }

    private static TracerProvider Traces() => Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(resource => resource.AddService("stratiform-management"))
        .AddSource("Microsoft.AspNetCore", "Npgsql", CloudMeter.Name)
        .AddOtlpExporter()
        .Build();
}
