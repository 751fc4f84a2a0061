using Stratiform.Management.Events;

namespace Stratiform.Management.Compute;

/// <summary>What is recorded about virtual machines and what they are made from.</summary>
internal static class VmEvents
{
    public static readonly EventType Created = new("VM.CREATE") { Of = ["deployVirtualMachine"] };
    public static readonly EventType Started = new("VM.START") { Of = ["startVirtualMachine"] };
    public static readonly EventType Stopped = new("VM.STOP") { Of = ["stopVirtualMachine"] };
    public static readonly EventType Rebooted = new("VM.REBOOT") { Of = ["rebootVirtualMachine"] };
    public static readonly EventType Destroyed = new("VM.DESTROY") { Of = ["destroyVirtualMachine"] };
    public static readonly EventType Expunged = new("VM.EXPUNGE") { Of = ["expungeVirtualMachine"] };
    public static readonly EventType Recovered = new("VM.RECOVER") { Of = ["recoverVirtualMachine"] };
    public static readonly EventType Updated = new("VM.UPDATE") { Of = ["updateVirtualMachine"] };
    public static readonly EventType PasswordReset = new("VM.RESETPASSWORD") { Of = ["resetPasswordForVirtualMachine"] };
    public static readonly EventType IsoAttached = new("ISO.ATTACH") { Of = ["attachIso"] };
    public static readonly EventType IsoDetached = new("ISO.DETACH") { Of = ["detachIso"] };
    public static readonly EventType CardAdded = new("NIC.CREATE") { Of = ["addNicToVirtualMachine"] };
    public static readonly EventType CardRemoved = new("NIC.DELETE") { Of = ["removeNicFromVirtualMachine"] };
    public static readonly EventType CardUpdated = new("NIC.UPDATE") { Of = ["updateDefaultNicForVirtualMachine"] };
    public static readonly EventType AddressAdded = new("NIC.SECONDARY.IP.ASSIGN") { Of = ["addIpToNic"] };
    public static readonly EventType AddressRemoved = new("NIC.SECONDARY.IP.UNASSIGN") { Of = ["removeIpFromNic"] };
    public static readonly EventType GroupCreated = new("SG.CREATE") { Of = ["createSecurityGroup"] };
    public static readonly EventType GroupUpdated = new("SG.UPDATE") { Of = ["updateSecurityGroup"] };
    public static readonly EventType GroupDeleted = new("SG.DELETE") { Of = ["deleteSecurityGroup"] };
    public static readonly EventType IngressAuthorized = new("SG.AUTH.INGRESS") { Of = ["authorizeSecurityGroupIngress"] };
    public static readonly EventType IngressRevoked = new("SG.REVOKE.INGRESS") { Of = ["revokeSecurityGroupIngress"] };
    public static readonly EventType EgressAuthorized = new("SG.AUTH.EGRESS") { Of = ["authorizeSecurityGroupEgress"] };
    public static readonly EventType EgressRevoked = new("SG.REVOKE.EGRESS") { Of = ["revokeSecurityGroupEgress"] };
    public static readonly EventType OfferingCreated = new("SERVICE.OFFERING.CREATE") { Of = ["createServiceOffering"] };
    public static readonly EventType OfferingEdited = new("SERVICE.OFFERING.EDIT") { Of = ["updateServiceOffering"] };
    public static readonly EventType OfferingDeleted = new("SERVICE.OFFERING.DELETE") { Of = ["deleteServiceOffering"] };
    public static readonly EventType TagsCreated = new("CREATE_TAGS") { Of = ["createTags"] };
    public static readonly EventType TagsDeleted = new("DELETE_TAGS") { Of = ["deleteTags"] };
    public static readonly EventType UserDataRegistered = new("REGISTER.USER.DATA") { Of = ["registerUserData"] };
}
