using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Finds the user whom an API key names.</summary>
[Command("Finds the user of an API key")]
internal sealed record GetUser : IQuery<UserWire>
{
    [Description("The key that names the user in signed requests")]
    public required string UserApiKey { get; init; }
}

internal sealed class GetUserHandler(CloudDb db, IReadWire<UserWire> users) : IHandle<GetUser, UserWire>
{
    public async Task<UserWire> HandleAsync(GetUser command, Caller caller, CancellationToken ct)
    {
        var id = await db.Visible<User>(caller).Where(u => u.ApiKey == command.UserApiKey && u.AccountId != Bootstrap.SystemAccountId)
            .Select(u => (Guid?)u.Id.Value).SingleOrDefaultAsync(ct);
        // Not in the words for ids, which would repeat the key.
        return id is { } user ? (await users.ReadAsync([user], caller, ct))[0] : throw Refusal.Parameter("No user has this userapikey.");
    }
}
