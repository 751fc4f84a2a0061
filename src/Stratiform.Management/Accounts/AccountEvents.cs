using Stratiform.Management.Events;

namespace Stratiform.Management.Accounts;

/// <summary>What is recorded about accounts and users.</summary>
internal static class AccountEvents
{
    public static readonly EventType LoggedIn = new("USER.LOGIN");
    public static readonly EventType LoggedOut = new("USER.LOGOUT");
    public static readonly EventType KeysRegistered = new("REGISTER.USER.KEY");
    public static readonly EventType DomainCreated = new("DOMAIN.CREATE") { Of = ["createDomain"] };
    public static readonly EventType DomainUpdated = new("DOMAIN.UPDATE") { Of = ["updateDomain"] };
    public static readonly EventType DomainDeleted = new("DOMAIN.DELETE") { Of = ["deleteDomain"] };
    public static readonly EventType AccountCreated = new("ACCOUNT.CREATE") { Of = ["createAccount"] };
    public static readonly EventType AccountUpdated = new("ACCOUNT.UPDATE") { Of = ["updateAccount"] };
    public static readonly EventType AccountEnabled = new("ACCOUNT.ENABLE") { Of = ["enableAccount"] };
    public static readonly EventType AccountDisabled = new("ACCOUNT.DISABLE") { Of = ["disableAccount", "lockAccount"] };
    public static readonly EventType AccountDeleted = new("ACCOUNT.DELETE") { Of = ["deleteAccount"] };
    public static readonly EventType UserCreated = new("USER.CREATE") { Of = ["createUser"] };
    public static readonly EventType UserUpdated = new("USER.UPDATE") { Of = ["updateUser"] };
    public static readonly EventType UserEnabled = new("USER.ENABLE") { Of = ["enableUser"] };
    public static readonly EventType UserDisabled = new("USER.DISABLE") { Of = ["disableUser"] };
    public static readonly EventType UserLocked = new("USER.LOCK") { Of = ["lockUser"] };
    public static readonly EventType UserDeleted = new("USER.DELETE") { Of = ["deleteUser"] };
    public static readonly EventType UserMoved = new("USER.MOVE") { Of = ["moveUser"] };
    public static readonly EventType LimitUpdated = new("RESOURCE.LIMIT.UPDATE") { Of = ["updateResourceLimit"] };
    public static readonly EventType RoleCreated = new("ROLE.CREATE") { Of = ["createRole"] };
    public static readonly EventType RoleUpdated = new("ROLE.UPDATE") { Of = ["updateRole"] };
    public static readonly EventType RoleDeleted = new("ROLE.DELETE") { Of = ["deleteRole"] };
    public static readonly EventType RuleCreated = new("ROLE.PERMISSION.CREATE") { Of = ["createRolePermission"] };
    public static readonly EventType RuleUpdated = new("ROLE.PERMISSION.UPDATE") { Of = ["updateRolePermission"] };
    public static readonly EventType RuleDeleted = new("ROLE.PERMISSION.DELETE") { Of = ["deleteRolePermission"] };
}
