using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Infrastructure;

/// <summary>The kinds of things that workflows hold, and their rank.</summary>
public static class SubjectKinds
{
    public const string Domain = "Domain";
    public const string Account = "Account";
    public const string Zone = "Zone";
    public const string Vpc = "Vpc";
    public const string VirtualMachine = "VirtualMachine";
    public const string Volume = "Volume";

    /// <summary>What is being changed about a network, while others may use it.</summary>
    public const string NetworkChange = "NetworkChange";

    public const string Network = "Network";
    public const string PublicAddress = "PublicAddress";
    public const string NetworkRule = "NetworkRule";
    public const string AclList = "AclList";
    public const string StaticRoute = "StaticRoute";
    public const string SecurityGroup = "SecurityGroup";
    public const string HostGroups = "HostGroups";
    public const string VpnCustomerGateway = "VpnCustomerGateway";
    public const string VpnConnection = "VpnConnection";
    public const string RemoteAccessVpn = "RemoteAccessVpn";
    public const string VpnUser = "VpnUser";
    public const string Router = "Router";
    public const string SystemVmSize = "SystemVmSize";
    public const string SystemVm = "SystemVm";
    public const string Template = "Template";
    public const string Store = "Store";
    public const string Image = "Image";
    public const string Host = "Host";

    /// <summary>What nobody owns any more, by the id it has where it lies: agents let it take away what belonged to others.</summary>
    public const string Leftover = Wire.Leftover;

    /// <summary>A workflow that waits for a child holds only what ranks above the child's.</summary>
    public static SubjectRanks Ranks { get; } =
        new(Domain, Account, Zone, Vpc, VirtualMachine, Volume, NetworkChange, Network, PublicAddress, NetworkRule, AclList, StaticRoute, VpnCustomerGateway, VpnConnection, RemoteAccessVpn, VpnUser, SecurityGroup, HostGroups, Router, SystemVmSize, SystemVm, Template, Store, Image, Host, Leftover);
}
