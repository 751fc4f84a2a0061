using Microsoft.Extensions.Hosting;

namespace Stratiform.Management.Database;

/// <summary>Watches over the private cluster for as long as the server lives.</summary>
internal sealed class DatabaseKeeper(PrivateCluster cluster) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => cluster.KeepAsync(stoppingToken);
}
