using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Protocol;
using Stratiform.Workflows.Tests.Cloud;
using Stratiform.Workflows.Tests.Scenarios;

namespace Stratiform.Workflows.Tests.Laws;

/// <summary>One scenario played once, with one fault.</summary>
/// <param name="Row">How the workflow ended.</param>
/// <param name="Probed">What was seen on the way.</param>
/// <param name="After">What it left.</param>
internal sealed record Run(WorkflowRow Row, ProbedRun Probed, Footprint After)
{
    /// <summary>Plays a scenario in a zone of its own.</summary>
    public static async Task<Run> PlayAsync(SimulatedStratiform cloud, Scenario scenario, Fault fault)
    {
        await using var scope = cloud.Scope();
        var zone = SmallZone.Empty(cloud, cloud.Open(), scenario.Hosts);
        await using var db = zone.Db;
        await scenario.ArrangeAsync(zone);
        await db.SaveChangesAsync();
        var probed = Order(zone, scope.ServiceProvider, scenario.OrderIn(zone)!, fault);
        await scope.ServiceProvider.GetRequiredService<DbContext>().SaveChangesAsync();
        var row = await EndAsync(cloud, probed);
        if (fault.Kind == FaultKind.KilledDuringCall && probed.HasStruck) await probed.LateMessage.Task.WaitAsync(ProbedRun.Patience);
        await QuietAsync(zone);
        return new(row, probed, await Footprint.ReadAsync(zone, CancellationToken.None));
    }

    /// <summary>What a scenario's situation leaves when nothing is asked for.</summary>
    public static async Task<Footprint> BeforeAsync(SimulatedStratiform cloud, Scenario scenario)
    {
        var zone = SmallZone.Empty(cloud, cloud.Open(), scenario.Hosts);
        await using var db = zone.Db;
        await scenario.ArrangeAsync(zone);
        await db.SaveChangesAsync();
        return await Footprint.ReadAsync(zone, CancellationToken.None);
    }

    /// <summary>Asks for what the scenario says; the caller saves.</summary>
    public static ProbedRun Order(SmallZone zone, IServiceProvider services, Order order, Fault fault)
    {
        var queue = services.GetRequiredService<WorkflowQueue>();
        var id = Id.New<WorkflowRow>().Value;
        var probed = zone.Cloud.Probe.Watch(id, order.Workflow, [.. zone.Machines.Select(m => m.Number)], fault);
        queue.Add(order, AskedBy.Cloud, id, parent: null, parentStep: "");
        return probed;
    }

    /// <summary>The row when it ended or is stuck, which no probe sees.</summary>
    public static async Task<WorkflowRow> EndAsync(SimulatedStratiform cloud, ProbedRun probed)
    {
        await using var db = cloud.Open();
        for (var tries = 0; tries < 400; tries++)
        {
            if (await Task.WhenAny(probed.Ended.Task, Task.Delay(300)) == probed.Ended.Task) return await probed.Ended.Task;
            var row = await db.Set<WorkflowRow>().AsNoTracking().SingleAsync(w => w.Id == probed.Id);
            if (row.HasEnded || row.Phase == Phase.Stuck) return row;
        }
        throw new TimeoutException();
    }

    /// <summary>Waits for what the workflow left to others.</summary>
    public static async Task QuietAsync(SmallZone zone)
    {
        var until = zone.Cloud.Clock.GetTimestamp() + (long)(ProbedRun.Patience.TotalSeconds * zone.Cloud.Clock.TimestampFrequency);
        await using var db = zone.Cloud.Open();
        while (zone.Cloud.Clock.GetTimestamp() < until)
        {
            var unfinished = await Books.UnfinishedAsync(zone, db, CancellationToken.None);
            if (unfinished.All(w => w.Phase == Phase.Stuck)) return;
            await Task.Delay(10);
        }
    }
}
