using Microsoft.EntityFrameworkCore;
using Stratiform.Management;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Telemetry;

var options = ServerOptions.FromEnvironment();
var builder = WebApplication.CreateSlimBuilder(args);
builder.AddCloud(options.Cloud);
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
builder.WebHost.ConfigureKestrel(options.Listen);
builder.Services.AddDbContextPool<CloudDb>(db => db.UseNpgsql(options.ConnectionString()));

var app = builder.Build();
app.MapApi().MapTelemetry();

var stopping = app.Lifetime.ApplicationStopping;
await options.PrepareDatabaseAsync(app.Services.GetRequiredService<ILoggerFactory>(), stopping);
await using (var scope = app.Services.CreateAsyncScope())
{
    await OsTypes.FillAsync(scope.ServiceProvider.GetRequiredService<CloudDb>(), stopping);
    var first = await scope.ServiceProvider.GetRequiredService<Bootstrap>().FillAsync(password: null, stopping);
    if (first is not null) await options.WriteCredentialsAsync(first, stopping);
}
await app.RunAsync();
return 0;
