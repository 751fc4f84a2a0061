using Stratiform.Management.Events;

namespace Stratiform.Management.Accounts;

/// <summary>What is recorded about accounts and users.</summary>
internal static class AccountEvents
{
    public static readonly EventType LoggedIn = new("USER.LOGIN");
    public static readonly EventType LoggedOut = new("USER.LOGOUT");
    public static readonly EventType KeysRegistered = new("REGISTER.USER.KEY");
}
