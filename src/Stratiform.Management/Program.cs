using Microsoft.EntityFrameworkCore;
using Stratiform.Management;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.SystemVms;
using Stratiform.Management.Telemetry;

var options = new ServerOptions();
if (await Maintenance.RunAsync(args, options, CancellationToken.None) is { } exit) return exit;
CloudOptions cloud;
using (var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true)))
{
    try
    {
        cloud = await options.PrepareAsync(loggers, CancellationToken.None);
    }
    catch (OperatorException wrong)
    {
        await Console.Error.WriteLineAsync(wrong.Message);
        return 1;
    }
}

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddCloud(cloud);
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
builder.WebHost.ConfigureKestrel(options.Listen);
builder.Services.AddDbContextPool<CloudDb>(db => db.UseNpgsql(options.ConnectionString));

if (options.Cluster is { } cluster) builder.Services.AddHostedService(_ => new DatabaseKeeper(cluster));

var app = builder.Build();
app.MapApi().MapDiagnostics().MapTelemetry();

var stopping = app.Lifetime.ApplicationStopping;
await using (var scope = app.Services.CreateAsyncScope())
{
    await OsTypes.FillAsync(scope.ServiceProvider.GetRequiredService<CloudDb>(), stopping);
    var first = await scope.ServiceProvider.GetRequiredService<Bootstrap>().FillAsync(password: null, stopping);
    if (first is not null) await options.WriteCredentialsAsync(first, stopping);
}
await app.RunAsync();
return 0;
