namespace Stratiform.Management.Infrastructure;

/// <summary>Where a virtual machine or router stands, in the API's words.</summary>
public enum VmState
{
    Stopped,
    Starting,
    Running,
    Stopping,
    Migrating,
    Destroyed,
    Expunging,
    Error,
}
