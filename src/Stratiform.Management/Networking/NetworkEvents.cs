using Stratiform.Management.Events;

namespace Stratiform.Management.Networking;

/// <summary>What is recorded about networks.</summary>
internal static class NetworkEvents
{
    public static readonly EventType Created = new("NETWORK.CREATE") { Of = ["createNetwork"] };
    public static readonly EventType Updated = new("NETWORK.UPDATE")
    {
        Of = ["updateNetwork", "createNetworkPermissions", "removeNetworkPermissions", "resetNetworkPermissions"],
    };
    public static readonly EventType Deleted = new("NETWORK.DELETE") { Of = ["deleteNetwork"] };
    public static readonly EventType Restarted = new("NETWORK.RESTART") { Of = ["restartNetwork"] };
    public static readonly EventType RouterStarted = new("ROUTER.START") { Of = ["startRouter"] };
    public static readonly EventType RouterStopped = new("ROUTER.STOP") { Of = ["stopRouter"] };
    public static readonly EventType RouterRebooted = new("ROUTER.REBOOT") { Of = ["rebootRouter"] };
    public static readonly EventType RouterChecked = new("ROUTER.HEALTH.CHECKS") { Of = ["getRouterHealthCheckResults"] };
    public static readonly EventType RouterUpgraded = new("ROUTER.UPGRADE") { Of = ["changeServiceForRouter"] };
    public static readonly EventType PairChanged = new("ROUTER.HA");
    public static readonly EventType RouterDestroyed = new("ROUTER.DESTROY") { Of = ["destroyRouter"] };
    public static readonly EventType OfferingCreated = new("NETWORK.OFFERING.CREATE") { Of = ["createNetworkOffering"] };
    public static readonly EventType OfferingEdited = new("NETWORK.OFFERING.EDIT") { Of = ["updateNetworkOffering"] };
    public static readonly EventType OfferingDeleted = new("NETWORK.OFFERING.DELETE") { Of = ["deleteNetworkOffering"] };
    public static readonly EventType VpcOfferingCreated = new("VPC.OFFERING.CREATE") { Of = ["createVPCOffering"] };
    public static readonly EventType VpcOfferingUpdated = new("VPC.OFFERING.UPDATE") { Of = ["updateVPCOffering"] };
    public static readonly EventType VpcOfferingDeleted = new("VPC.OFFERING.DELETE") { Of = ["deleteVPCOffering"] };
    public static readonly EventType VpcCreated = new("VPC.CREATE") { Of = ["createVPC"] };
    public static readonly EventType VpcUpdated = new("VPC.UPDATE") { Of = ["updateVPC"] };
    public static readonly EventType VpcDeleted = new("VPC.DELETE") { Of = ["deleteVPC"] };
    public static readonly EventType VpcRestarted = new("VPC.RESTART") { Of = ["restartVPC"] };
    public static readonly EventType AclCreated = new("NETWORK.ACL.CREATE") { Of = ["createNetworkACLList"] };
    public static readonly EventType AclUpdated = new("NETWORK.ACL.UPDATE") { Of = ["updateNetworkACLList"] };
    public static readonly EventType AclDeleted = new("NETWORK.ACL.DELETE") { Of = ["deleteNetworkACLList"] };
    public static readonly EventType AclReplaced = new("NETWORK.ACL.REPLACE") { Of = ["replaceNetworkACLList"] };
    public static readonly EventType AclRuleCreated = new("NETWORK.ACL.ITEM.CREATE") { Of = ["createNetworkACL"] };
    public static readonly EventType AclRuleUpdated = new("NETWORK.ACL.ITEM.UPDATE") { Of = ["updateNetworkACLItem", "moveNetworkAclItem"] };
    public static readonly EventType AclRuleDeleted = new("NETWORK.ACL.ITEM.DELETE") { Of = ["deleteNetworkACL"] };
    public static readonly EventType RouteCreated = new("STATIC.ROUTE.CREATE") { Of = ["createStaticRoute"] };
    public static readonly EventType RouteDeleted = new("STATIC.ROUTE.DELETE") { Of = ["deleteStaticRoute"] };
    public static readonly EventType PrivateGatewayCreated = new("PRIVATE.GATEWAY.CREATE") { Of = ["createPrivateGateway"] };
    public static readonly EventType PrivateGatewayDeleted = new("PRIVATE.GATEWAY.DELETE") { Of = ["deletePrivateGateway"] };
    public static readonly EventType RangeCreated = new("VLAN.IP.RANGE.CREATE") { Of = ["createVlanIpRange"] };
    public static readonly EventType PortableRangeCreated = new("PORTABLE.IP.RANGE.CREATE") { Of = ["createPortableIpRange"] };
    public static readonly EventType PortableRangeDeleted = new("PORTABLE.IP.RANGE.DELETE") { Of = ["deletePortableIpRange"] };
    public static readonly EventType AddressTransferred = new("PORTABLE.IP.TRANSFER");
    public static readonly EventType AddressAcquired = new("NET.IPASSIGN") { Of = ["associateIpAddress", "updateVmNicIp"] };
    public static readonly EventType AddressReserved = new("NET.IPRESERVE") { Of = ["reserveIpAddress"] };
    public static readonly EventType AddressReleased = new("NET.IPRELEASE") { Of = ["disassociateIpAddress", "releaseIpAddress"] };
    public static readonly EventType FirewallOpened = new("FIREWALL.OPEN") { Of = ["createFirewallRule"] };
    public static readonly EventType FirewallClosed = new("FIREWALL.CLOSE") { Of = ["deleteFirewallRule"] };
    public static readonly EventType EgressOpened = new("FIREWALL.EGRESS.OPEN") { Of = ["createEgressFirewallRule"] };
    public static readonly EventType EgressClosed = new("FIREWALL.EGRESS.CLOSE") { Of = ["deleteEgressFirewallRule"] };
    public static readonly EventType ForwardingAdded = new("NET.RULEADD") { Of = ["createPortForwardingRule"] };
    public static readonly EventType ForwardingChanged = new("NET.RULEMODIFY") { Of = ["updatePortForwardingRule"] };
    public static readonly EventType ForwardingDeleted = new("NET.RULEDELETE") { Of = ["deletePortForwardingRule"] };
    public static readonly EventType BalancerCreated = new("LB.CREATE") { Of = ["createLoadBalancerRule", "createLoadBalancer"] };
    public static readonly EventType BalancerUpdated = new("LB.UPDATE") { Of = ["updateLoadBalancerRule", "updateLoadBalancer"] };
    public static readonly EventType BalancerDeleted = new("LB.DELETE") { Of = ["deleteLoadBalancerRule", "deleteLoadBalancer"] };
    public static readonly EventType MembersAssigned = new("LB.ASSIGN.TO.RULE") { Of = ["assignToLoadBalancerRule"] };
    public static readonly EventType MembersRemoved = new("LB.REMOVE.FROM.RULE") { Of = ["removeFromLoadBalancerRule"] };
    public static readonly EventType CertUploaded = new("LB.CERT.UPLOAD") { Of = ["uploadSslCert"] };
    public static readonly EventType CertDeleted = new("LB.CERT.DELETE") { Of = ["deleteSslCert"] };
    public static readonly EventType CertAssigned = new("LB.CERT.ASSIGN") { Of = ["assignCertToLoadBalancer"] };
    public static readonly EventType CertRemoved = new("LB.CERT.REMOVE") { Of = ["removeCertFromLoadBalancer"] };
    public static readonly EventType StickinessCreated = new("LB.STICKINESSPOLICY.CREATE") { Of = ["createLBStickinessPolicy"] };
    public static readonly EventType StickinessDeleted = new("LB.STICKINESSPOLICY.DELETE") { Of = ["deleteLBStickinessPolicy"] };
    public static readonly EventType HealthCheckCreated = new("LB.HEALTHCHECKPOLICY.CREATE") { Of = ["createLBHealthCheckPolicy"] };
    public static readonly EventType HealthCheckUpdated = new("LB.HEALTHCHECKPOLICY.UPDATE") { Of = ["updateLBHealthCheckPolicy"] };
    public static readonly EventType HealthCheckDeleted = new("LB.HEALTHCHECKPOLICY.DELETE") { Of = ["deleteLBHealthCheckPolicy"] };
    public static readonly EventType StaticNatEnabled = new("STATICNAT.ENABLE") { Of = ["enableStaticNat"] };
    public static readonly EventType StaticNatDisabled = new("STATICNAT.DISABLE") { Of = ["disableStaticNat"] };
    public static readonly EventType RangeDedicated = new("VLAN.IP.RANGE.DEDICATE") { Of = ["dedicatePublicIpRange"] };
    public static readonly EventType RangeReleased = new("VLAN.IP.RANGE.RELEASE") { Of = ["releasePublicIpRange"] };
    public static readonly EventType CustomerGatewayCreated = new("VPN.S2S.CUSTOMER.GATEWAY.CREATE") { Of = ["createVpnCustomerGateway"] };
    public static readonly EventType CustomerGatewayUpdated = new("VPN.S2S.CUSTOMER.GATEWAY.UPDATE") { Of = ["updateVpnCustomerGateway"] };
    public static readonly EventType CustomerGatewayDeleted = new("VPN.S2S.CUSTOMER.GATEWAY.DELETE") { Of = ["deleteVpnCustomerGateway"] };
    public static readonly EventType VpnGatewayCreated = new("VPN.S2S.VPN.GATEWAY.CREATE") { Of = ["createVpnGateway"] };
    public static readonly EventType VpnGatewayDeleted = new("VPN.S2S.VPN.GATEWAY.DELETE") { Of = ["deleteVpnGateway"] };
    public static readonly EventType VpnConnected = new("VPN.S2S.CONNECTION.CREATE") { Of = ["createVpnConnection"] };
    public static readonly EventType VpnDisconnected = new("VPN.S2S.CONNECTION.DELETE") { Of = ["deleteVpnConnection"] };
    public static readonly EventType VpnReset = new("VPN.S2S.CONNECTION.RESET") { Of = ["resetVpnConnection"] };
    public static readonly EventType RemoteAccessCreated = new("VPN.REMOTE.ACCESS.CREATE") { Of = ["createRemoteAccessVpn"] };
    public static readonly EventType RemoteAccessDestroyed = new("VPN.REMOTE.ACCESS.DESTROY") { Of = ["deleteRemoteAccessVpn"] };
    public static readonly EventType VpnUserAdded = new("VPN.USER.ADD") { Of = ["addVpnUser"] };
    public static readonly EventType VpnUserRemoved = new("VPN.USER.REMOVE") { Of = ["removeVpnUser"] };
    public static readonly EventType RangeDeleted = new("VLAN.IP.RANGE.DELETE") { Of = ["deleteVlanIpRange"] };
}
