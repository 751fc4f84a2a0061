using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The certificates of load balancers that exist for the caller.</summary>
[Command("Lists certificates of load balancers", AllowedTo.Everyone)]
internal sealed record ListSslCerts : ListQuery<SslCertWire>
{
    [Description("Lists only this certificate")]
    public Id<SslCertificate>? CertId { get; init; }

    [Description("Lists those of this account; the caller's own unless said")]
    public Id<Account>? AccountId { get; init; }

    [Description("Lists only the certificate that this load balancer serves")]
    public Id<NetworkRule>? LbRuleId { get; init; }
}

internal sealed class ListSslCertsHandler(CloudDb db, Lists<SslCertWire> lists) : IHandle<ListSslCerts, Page<SslCertWire>>
{
    public async Task<Page<SslCertWire>> HandleAsync(ListSslCerts command, Caller caller, CancellationToken ct)
    {
        var certificates = db.Visible<SslCertificate>(caller).AsNoTracking();
        if (command.CertId is { } id)
        {
            await db.FindVisibleAsync(caller, id, ct, nameof(command.CertId));
            certificates = certificates.Where(c => c.Id == id);
        }
        if (command.LbRuleId is { } rule)
        {
            await db.FindRuleAsync(caller, rule, RulePurpose.LoadBalancing, ct, nameof(command.LbRuleId));
            certificates = certificates.Where(c => db.Set<LoadBalancer>().Any(b => b.RuleId == rule && b.CertificateId == c.Id));
        }
        if (command.AccountId is { } account)
        {
            if (!await db.VisibleAccounts(caller).AnyAsync(a => a.Id == account, ct)) throw Visibility.Unknown(caller, nameof(command.AccountId), account);
            certificates = certificates.Where(c => c.AccountId == account);
        }
        else if (command.CertId is null && command.LbRuleId is null)
        {
            certificates = certificates.Where(c => c.AccountId == caller.AccountId);
        }
        if (command.Keyword is { } keyword) certificates = certificates.Where(c => EF.Functions.ILike(c.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(certificates.OrderBy(c => c.CreatedAt).ThenBy(c => c.Id).Select(c => c.Id), command, caller, ct);
    }
}
