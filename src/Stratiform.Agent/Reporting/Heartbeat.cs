namespace Stratiform.Agent.Reporting;

/// <summary>Lets watchers know every few seconds that the host is there, and ends their streams when the agent ends.</summary>
internal sealed class Heartbeat(AgentHost host, TimeProvider time, IHostApplicationLifetime life) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var ending = life.ApplicationStopping.Register(host.Observer.Break);
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) host.Observer.Beat();
    }
}
