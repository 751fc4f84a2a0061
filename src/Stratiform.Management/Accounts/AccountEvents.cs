using Stratiform.Management.Events;

namespace Stratiform.Management.Accounts;

/// <summary>What is recorded about accounts and users.</summary>
internal static class AccountEvents
{
    public static readonly EventType LoggedIn = new("USER.LOGIN");
    public static readonly EventType LoggedOut = new("USER.LOGOUT");
    public static readonly EventType KeysRegistered = new("REGISTER.USER.KEY");
    public static readonly EventType LimitUpdated = new("RESOURCE.LIMIT.UPDATE") { Of = ["updateResourceLimit"] };
    public static readonly EventType RoleCreated = new("ROLE.CREATE") { Of = ["createRole"] };
    public static readonly EventType RoleUpdated = new("ROLE.UPDATE") { Of = ["updateRole"] };
    public static readonly EventType RoleDeleted = new("ROLE.DELETE") { Of = ["deleteRole"] };
    public static readonly EventType RuleCreated = new("ROLE.PERMISSION.CREATE") { Of = ["createRolePermission"] };
    public static readonly EventType RuleUpdated = new("ROLE.PERMISSION.UPDATE") { Of = ["updateRolePermission"] };
    public static readonly EventType RuleDeleted = new("ROLE.PERMISSION.DELETE") { Of = ["deleteRolePermission"] };
}
