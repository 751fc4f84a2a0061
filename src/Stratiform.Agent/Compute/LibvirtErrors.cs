using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>What libvirt's complaints mean to those who sent a message.</summary>
internal static class LibvirtErrors
{
    public static HostException ToHostException(this LibvirtException error) => new(
        error.Code switch
        {
            LibvirtErrorCode.NoConnection or LibvirtErrorCode.Rpc or LibvirtErrorCode.Timeout or LibvirtErrorCode.AgentUnresponsive =>
                HostErrorCode.Busy,
            LibvirtErrorCode.NoDomain => HostErrorCode.NotFound,
            _ when error.Message.Contains("Cannot allocate memory", StringComparison.Ordinal) => HostErrorCode.NoSpace,
            _ => HostErrorCode.Failed,
        },
        $"libvirt: {error.Message}");
}
