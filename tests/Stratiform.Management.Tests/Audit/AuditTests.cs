using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Audit;

/// <summary>What is left behind is found, wherever it lies.</summary>
public sealed class AuditTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private async Task<List<(string Where, string Kind, string Id)>> LeaksAsync()
    {
        var audit = (await cloud.CallAsync("auditCloud")).ShouldBe(200).Body["audit"]!;
        return [.. (audit["leaks"]?.AsArray() ?? []).Select(l => (l!["where"]!.GetValue<string>(), l["kind"]!.GetValue<string>(), l["id"]!.GetValue<string>()))];
    }

    [Fact]
    public async Task A_lost_domain_a_wrong_counter_and_a_silent_host_are_found()
    {
        var vm = (await cloud.DeployAsync(await cloud.NetworkAsync("audited"), "audited"))["id"]!.GetValue<string>();
        await cloud.ShouldBeCleanAsync();

        await using var db = cloud.Open();
        var host = (await db.Set<HostCapacity>().FirstAsync()).HostId;
        await db.Set<HostCapacity>().Where(c => c.HostId == host).ExecuteUpdateAsync(set => set.SetProperty(c => c.CpuPromisedMhz, c => c.CpuPromisedMhz + 1));
        (await LeaksAsync()).ShouldBe([("database", "hostcapacity", host.ToString())]);
        await db.Set<HostCapacity>().Where(c => c.HostId == host).ExecuteUpdateAsync(set => set.SetProperty(c => c.CpuPromisedMhz, c => c.CpuPromisedMhz - 1));

        var guest = Guid.Parse(vm);
        var volume = await db.Database.SqlQuery<Guid>($"SELECT id AS \"Value\" FROM volume WHERE virtual_machine_id = {guest}").SingleAsync();
        foreach (var content in cloud.Simulator.Disks.Contents.Values)
            lock (content) content.Volumes.Remove(volume);
        (await LeaksAsync()).ShouldBe([("pool", "volume", volume.ToString())]);

        cloud.Simulator[10].Die();
        var audit = (await cloud.CallAsync("auditCloud")).ShouldBe(200).Body["audit"]!;
        audit["unreadable"]![0]!["where"]!.GetValue<string>().ShouldBe("sim-10");
    }
}
