using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;
using Stratiform.Workflows.Tests.Scenarios;

namespace Stratiform.Workflows.Tests.Laws;

/// <summary>Two workflows asked for in one commit, in the situation of the first.</summary>
internal static class Pair
{
    /// <summary>Those that share a subject with the first one in its situation.</summary>
    public static async Task<IReadOnlyList<Scenario>> SharingAsync(SimulatedStratiform cloud, Scenario first, IEnumerable<Scenario> seconds)
    {
        var zone = SmallZone.Empty(cloud, cloud.Open(), first.Hosts);
        await using var db = zone.Db;
        await first.ArrangeAsync(zone);
        return [.. seconds.Where(second => second.OrderIn(zone) is { } with && Share(zone, first.OrderIn(zone)!, with))];
    }

    /// <summary>Plays both.</summary>
    /// <returns>What is wrong in the end.</returns>
    public static async Task<IReadOnlyList<string>> PlayAsync(SimulatedStratiform cloud, Scenario first, Scenario second)
    {
        var zone = SmallZone.Empty(cloud, cloud.Open(), first.Hosts);
        await using var db = zone.Db;
        await first.ArrangeAsync(zone);
        await db.SaveChangesAsync();
        await using var scope = cloud.Scope();
        ProbedRun[] both =
        [
            Run.Order(zone, scope.ServiceProvider, first.OrderIn(zone)!, Fault.None),
            Run.Order(zone, scope.ServiceProvider, second.OrderIn(zone)!, Fault.None),
        ];
        await scope.ServiceProvider.GetRequiredService<DbContext>().SaveChangesAsync();
        var wrong = new List<string>();
        foreach (var one in both)
        {
            try
            {
                var row = await Run.EndAsync(cloud, one);
                if (!row.HasEnded) wrong.Add($"{row.Kind} ended {row.Phase}: {row.ErrorText}");
            }
            catch (TimeoutException)
            {
                wrong.Add("one of them never ended");
            }
        }
        await Run.QuietAsync(zone);
        return [.. wrong, .. (await Footprint.ReadAsync(zone, CancellationToken.None)).Disagreements];
    }

    private static bool Share(SmallZone zone, Order one, Order other) => Touched(zone, one).Intersect(Touched(zone, other)).Any();

    // What its children will queue for counts as well.
    private static IEnumerable<Subject> Touched(SmallZone zone, Order order)
    {
        if (order.Workflow == typeof(RestartNetwork)) return [zone.Network.Subject];
        return order.Workflow == typeof(StartVm) || order.Workflow == typeof(ReviveVm)
            ? [.. order.Subjects, zone.Network.Subject, new(SubjectKinds.Image, PoolImage.IdOf(zone.Template.Id, zone.Pool.Id).Value)]
            : order.Subjects;
    }
}
