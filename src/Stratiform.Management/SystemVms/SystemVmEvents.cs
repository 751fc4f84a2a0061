using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Management.Events;

namespace Stratiform.Management.SystemVms;

/// <summary>What is recorded about system VMs.</summary>
internal static class SystemVmEvents
{
    public static readonly EventType Started = new("SSVM.START") { Of = ["startSystemVm"] };
    public static readonly EventType BootFailed = new("SSVM.START.FAIL");
    public static readonly EventType Stopped = new("SSVM.STOP") { Of = ["stopSystemVm"] };
    public static readonly EventType Rebooted = new("SSVM.REBOOT") { Of = ["rebootSystemVm"] };
    public static readonly EventType Destroyed = new("SSVM.DESTROY") { Of = ["destroySystemVm"] };
    public static readonly EventType Scaled = new("VM.UPGRADE") { Of = ["scaleSystemVm", "changeServiceForSystemVm"] };

    public static readonly EventType Diagnosed = new("SYSTEM.VM.DIAGNOSTICS") { Of = ["runDiagnostics", "getDiagnosticsData"] };

    // It is tried again and again, and the reason is seldom another.
    private static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    /// <summary>Nobody waits for the cloud's own attempts: why one failed is recorded, saved with the step.</summary>
    public static async Task AddBootFailedAsync(CloudDb db, SystemVm vm, string why, DateTimeOffset now, CancellationToken ct)
    {
        var (type, since) = (BootFailed.Name, now - Silence);
        if (await db.Set<Event>().AnyAsync(e => e.ResourceId == vm.Id.Value && e.Type == type && e.CreatedAt > since, ct)) return;
        var account = await db.Set<Account>().SingleAsync(a => a.Id == Bootstrap.SystemAccountId, ct);
        db.Add(new Event(BootFailed, $"The secondary storage VM {vm.Name} does not boot, and is tried again: {why}", default, account.Id, account.DomainId, now)
        {
            Level = EventLevel.Error,
            ResourceKind = nameof(SystemVm),
            ResourceId = vm.Id.Value,
            ResourceName = vm.Name,
        });
    }
}
