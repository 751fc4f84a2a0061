using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Keeps user data under a name, for many guests.</summary>
[Command("Registers user data under a name", AllowedTo.Everyone)]
internal sealed record RegisterUserData : ICommand<Shown<UserDataWire>>
{
    [Description("The user data's name")]
    public required string Name { get; init; }

    [Description("The content, base64")]
    [MaxLength(1_048_576)]
    public required string UserData { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class RegisterUserDataHandler(CloudDb db, TimeProvider clock) : IHandle<RegisterUserData, Shown<UserDataWire>>
{
    public async Task<Shown<UserDataWire>> HandleAsync(RegisterUserData command, Caller caller, CancellationToken ct)
    {
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        var bytes = new byte[command.UserData.Length];
        if (!Convert.TryFromBase64String(command.UserData, bytes, out var length)) throw Refusal.Parameter("User data is not base64; encode it.");
        if (await db.Set<UserDataText>().AnyAsync(u => u.AccountId == owner.AccountId && u.Name == command.Name, ct))
            throw Refusal.Parameter($"User data with name '{command.Name}' exists already; choose another name.");
        var text = new UserDataText(command.Name, bytes[..length], owner.AccountId, owner.DomainId, clock.GetUtcNow());
        db.Add(text);
        return new(text.Id.Value);
    }
}
