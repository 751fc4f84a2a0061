using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Workflows;

/// <summary>Tells a running worker what has changed of its zone's stores.</summary>
public sealed class SetUpSystemVm(CloudDb db, Hosts hosts, WorkerSetups setups) : Workflow<SetUpSystemVm.Memory>
{
    /// <summary>What the step remembers.</summary>
    /// <param name="SystemVmId">The worker.</param>
    public sealed record Memory(Id<SystemVm> SystemVmId);

    public static Order<SetUpSystemVm> For(SystemVm vm) => new()
    {
        State = new Memory(vm.Id),
        Subjects = [vm.Subject],
        InstanceKind = nameof(SystemVm),
        InstanceId = vm.Id.Value,
    };

    protected override void Define(Plan plan) => plan.Do(SetUp);

    // One that was stopped meanwhile learns it when it boots.
    private async Task SetUp(CancellationToken ct)
    {
        if (await db.Set<SystemVm>().SingleOrDefaultAsync(v => v.Id == State.SystemVmId, ct) is { State: VmState.Running } vm)
            await setups.ApplyAsync(vm, hosts, ct);
    }
}
