using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Stratiform.Management.Database;

namespace Stratiform.Management.Settings;

/// <summary>
/// Listens to what other servers announce and reads it again. Announcements may be lost with a connection, so everything is
/// also read again every few seconds: a missed one costs seconds, never a wrong value for good.
/// </summary>
internal sealed partial class Announcements(
    IEnumerable<IRemembered> remembered, IServiceScopeFactory scopes, TimeProvider time, ILogger<Announcements> logger) : BackgroundService
{
    public const string Channel = "stratiform_remembered";
    private static readonly TimeSpan _atLeastEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _afterFailure = TimeSpan.FromSeconds(2);

    /// <summary>The first reading happens before the server answers its first call.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAllAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception lost) when (!stoppingToken.IsCancellationRequested)
            {
                Log.ConnectionLost(logger, lost);
                await Task.Delay(_afterFailure, time, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var connection = (NpgsqlConnection)scope.ServiceProvider.GetRequiredService<CloudDb>().Database.GetDbConnection();
        await connection.OpenAsync(ct);
        var topics = new HashSet<string>();
        connection.Notification += (_, announcement) => topics.Add(announcement.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection)) await listen.ExecuteNonQueryAsync(ct);
        while (true)
        {
            var heard = await connection.WaitAsync(_atLeastEvery, ct);
            foreach (var what in remembered)
                if (!heard || topics.Contains(what.Topic)) await what.ReadAgainAsync(ct);
            topics.Clear();
        }
    }

    private async Task ReadAllAsync(CancellationToken ct)
    {
        foreach (var what in remembered) await what.ReadAgainAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Lost the connection that hears what other servers change; listening anew")]
        public static partial void ConnectionLost(ILogger logger, Exception lost);
    }
}
