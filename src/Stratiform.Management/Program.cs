using Microsoft.EntityFrameworkCore;
using Stratiform.Management;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;

var server = ServerOptions.FromEnvironment();
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.AddSimpleConsole(console => (console.IncludeScopes, console.TimestampFormat, console.SingleLine) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ ", true));
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
builder.WebHost.ConfigureKestrel(server.Listen);
builder.Services.AddCloud(server.Cloud);
builder.Services.AddDbContextPool<CloudDb>(options => options.UseNpgsql(server.ConnectionString()));

var app = builder.Build();
app.MapApi();
app.MapHealth();
await using (var scope = app.Services.CreateAsyncScope())
{
    var db = scope.ServiceProvider.GetRequiredService<CloudDb>();
    await server.PrepareAsync(db, app.Lifetime.ApplicationStopping);
    var first = await scope.ServiceProvider.GetRequiredService<Bootstrap>().FillAsync(password: null, app.Lifetime.ApplicationStopping);
    await OsTypes.FillAsync(db, app.Lifetime.ApplicationStopping);
    if (first is not null) await server.WriteCredentialsAsync(first);
}
await app.RunAsync();
return 0;
