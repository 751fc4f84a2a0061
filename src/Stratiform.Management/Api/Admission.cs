using Stratiform.Management.Accounts;
using Stratiform.Management.Settings;
using Stratiform.Workflows;

namespace Stratiform.Management.Api;

/// <summary>Decides whether a caller may use a command; what it may not use looks as if it did not exist.</summary>
internal sealed class Admission(LiveRoles roles, LiveSettings settings)
{
    /// <summary>The command, if the caller may use it.</summary>
    /// <exception cref="CloudException">It does not exist for the caller (401 or 432, as clients expect it).</exception>
    public async Task<ApiCommand> AdmitAsync(ApiCommand? command, ApiRequest request, Caller caller, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(request.Command)) throw Refusal.NoSuchCommand("Invalid request, no command sent");
        if (caller.Proof == Proof.None && command is not { IsAnonymous: true }) throw Refusal.Credentials();
        // A role that was made a moment ago on another server.
        if (caller.Proof != Proof.None && !roles.Knows(caller.RoleId)) await roles.ReadAgainAsync(ct);
        if (command is null || !Allows(command, caller)) throw NotThere(command, ControlCharacters.Shown(request.Command), caller);
        RefuseChangesByGet(command, request, caller);
        return command;
    }

    /// <summary>True when the caller's role lets it use the command.</summary>
    public bool Allows(ApiCommand command, Caller caller) => command.IsAnonymous || roles.Allows(caller.RoleId, command);

    private static CloudException NotThere(ApiCommand? command, string name, Caller caller) => caller.Proof switch
    {
        Proof.Signature when command is null => Refusal.Credentials(),
        Proof.Signature => new(
            StatusCodes.Status401Unauthorized, $"The given command '{name}' either does not exist, is not available for user.", Refusal.NoClassCode),
        Proof.None or Proof.Session or Proof.IntegrationListener =>
            Refusal.NoSuchCommand($"The API [{name}] does not exist or is not available for the account {caller.AccountName}."),
    };

    private void RefuseChangesByGet(ApiCommand command, ApiRequest request, Caller caller)
    {
        if (command.IsQuery || !request.IsGet || command.IsAnonymous || caller.Proof == Proof.IntegrationListener) return;
        if (settings.Get(ApiSettings.EnforcePost))
            throw new CloudException(
                StatusCodes.Status400BadRequest, $"State changing command {command.Name} needs to be sent using POST request", Refusal.NoClassCode);
    }
}
