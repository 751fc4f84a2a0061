namespace Stratiform.Management.Api;

/// <summary>Decides whether a caller may use a command; what it may not use looks as if it did not exist.</summary>
internal static class Admission
{
    /// <summary>The command, if the caller may use it.</summary>
    /// <exception cref="Workflows.CloudException">It does not exist for the caller (401 or 432, as clients expect it).</exception>
    public static ApiCommand Admit(ApiCommand? command, string? name, Caller caller)
    {
        if (string.IsNullOrEmpty(name)) throw Refusal.NoSuchCommand("Invalid request, no command sent");
        if (caller.Proof == Proof.None) return command is { IsAnonymous: true } ? command : throw Refusal.Credentials();
        if (command is not null && Allows(command, caller)) return command;
        throw (caller.Proof, command) switch
        {
            (Proof.Signature, null) => Refusal.Credentials(),
            (Proof.Signature, _) => new Workflows.CloudException(
                401, $"The given command '{name}' either does not exist, is not available for user.", Refusal.NoClassCode),
            _ => Refusal.NoSuchCommand(
                $"The API [{ControlCharacters.Shown(name)}] does not exist or is not available for the account {caller.AccountName}."),
        };
    }

    /// <summary>True when the caller's role lets it use the command.</summary>
    public static bool Allows(ApiCommand command, Caller caller) => command.IsAnonymous || (command.Declared.Allowed & caller.Role) != 0;
}
