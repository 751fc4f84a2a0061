using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>A load balancer of protocol ssl ends TLS by this certificate from now on; no request is lost when it had another.</summary>
[Command("Lets a load balancer end TLS by a certificate", AllowedTo.Everyone)]
internal sealed record AssignCertToLoadBalancer : IAsyncCommand<Success>
{
    [Description("The load balancer, of protocol ssl")]
    public required Id<NetworkRule> LbRuleId { get; init; }

    [Description("The certificate, of the same account")]
    public required Id<SslCertificate> CertId { get; init; }

    [Description("True replaces the certificate that it has")]
    public bool? Forced { get; init; }
}

internal sealed class AssignCertToLoadBalancerHandler(CloudDb db, WorkflowQueue queue) : IHandle<AssignCertToLoadBalancer, JobTicket>
{
    public async Task<JobTicket> HandleAsync(AssignCertToLoadBalancer command, Caller caller, CancellationToken ct)
    {
        var rule = await db.FindRuleAsync(caller, command.LbRuleId, RulePurpose.LoadBalancing, ct);
        var certificate = await db.FindVisibleAsync(caller, command.CertId, ct);
        if (certificate.AccountId != rule.AccountId) throw Refusal.Parameter("The certificate and the load balancer belong to different accounts.");
        var balancer = await db.Set<LoadBalancer>().AsNoTracking().SingleAsync(b => b.RuleId == rule.Id, ct);
        if (balancer.Protocol != BalancerProtocol.Ssl)
        {
            throw Refusal.Parameter($"The load balancer {balancer.Name} is of protocol {WireBalancers.NameOf(balancer.Protocol)}; "
                + "only those made with protocol=ssl have a certificate.");
        }
        if (balancer.CertificateId is { } other && other != certificate.Id && command.Forced != true)
            throw Refusal.Conflict($"The load balancer {balancer.Name} has the certificate {other} already; forced=true replaces it.");
        return new(queue.Enqueue(ChangeBalancer.For(rule, new() { Secures = true, CertificateId = certificate.Id }), caller.Asks).Id);
    }
}
