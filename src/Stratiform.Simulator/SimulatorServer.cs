using System.Globalization;
using System.Text.Json;
using Stratiform.Agent.Serving;
using Stratiform.Protocol;

namespace Stratiform.Simulator;

/// <summary>The listener of a simulated cloud: one route for all hosts, and the orders for faults.</summary>
internal static class SimulatorServer
{
    public static WebApplication Build(SimulatedCloud cloud, SimulatorOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => ListenAddress.Parse(options.Listen).Configure(kestrel));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var web = builder.Build();
        web.Run(http => RouteAsync(http, cloud));
        return web;
    }

    private static Task RouteAsync(HttpContext http, SimulatedCloud cloud)
    {
        var path = http.Request.Path.Value ?? "/";
        var slash = path.IndexOf('/', 1);
        if (slash > 0 && int.TryParse(path.AsSpan(1, slash - 1), CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= cloud.Hosts.Count)
            return cloud.ServeAsync(http, cloud[number], path[(slash + 1)..]);
        return (http.Request.Method, path) switch
        {
            ("POST", "/faults") => OrderAsync(http, cloud),
            ("GET", "/faults") => http.Response.WriteAsJsonAsync(cloud.Faults, ProtocolJson.Options, http.RequestAborted),
            ("DELETE", "/faults") => WithdrawAsync(http, cloud),
            ("GET", "/footprint") => FootprintAsync(http, cloud),
            _ => AgentEndpoint.RefuseAsync(http, new HostError(HostErrorCode.NotFound, $"There is no {path} here."), http.RequestAborted),
        };
    }

    private static async Task OrderAsync(HttpContext http, SimulatedCloud cloud)
    {
        try
        {
            var fault = await http.Request.ReadFromJsonAsync<Fault>(ProtocolJson.Options, http.RequestAborted);
            cloud.Order(fault!);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (JsonException error)
        {
            await AgentEndpoint.RefuseAsync(http, new HostError(HostErrorCode.Invalid, error.Message), http.RequestAborted);
        }
    }

    private static Task WithdrawAsync(HttpContext http, SimulatedCloud cloud)
    {
        cloud.WithdrawFaults();
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static async Task FootprintAsync(HttpContext http, SimulatedCloud cloud)
    {
        foreach (var line in await cloud.FootprintAsync(http.RequestAborted))
            await http.Response.WriteAsync(line + "\n", http.RequestAborted);
    }
}
