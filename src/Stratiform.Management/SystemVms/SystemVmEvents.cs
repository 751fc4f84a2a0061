using Stratiform.Management.Events;

namespace Stratiform.Management.SystemVms;

/// <summary>What is recorded about system VMs.</summary>
internal static class SystemVmEvents
{
    public static readonly EventType Started = new("SSVM.START") { Of = ["startSystemVm"] };
    public static readonly EventType Stopped = new("SSVM.STOP") { Of = ["stopSystemVm"] };
    public static readonly EventType Rebooted = new("SSVM.REBOOT") { Of = ["rebootSystemVm"] };
    public static readonly EventType Destroyed = new("SSVM.DESTROY") { Of = ["destroySystemVm"] };
}
