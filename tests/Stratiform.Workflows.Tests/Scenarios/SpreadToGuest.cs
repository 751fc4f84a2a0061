using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A guest becomes a member of a load balancer, which chooses and asks otherwise from now on, lets others in, knows its clients again and ends TLS.</summary>
internal sealed class SpreadToGuest : Scenario<ChangeBalancer>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.AcquireAddressAsync();
        zone.AddBalancer();
        zone.AddCertificate();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Rule is null ? null : ChangeBalancer.For(zone.Rule, new()
    {
        Assign = [zone.Nic!.Id],
        Protocol = BalancerProtocol.Ssl,
        LetIn = ["192.0.2.0/24"],
        Algorithm = BalancerAlgorithm.LeastConn,
        Secures = zone.Certificate is not null,
        CertificateId = zone.Certificate?.Id,
        Sticks = true,
        Checks = true,
        Check = new(Id.New<HealthPolicy>()) { IntervalSeconds = 7 },
        Stickiness = new(Id.New<StickinessPolicy>(), "sticky", "", StickyMethod.LbCookie, new Dictionary<string, string>()),
    });

    public override void Check(Footprint after) =>
        after.ShouldSay("balancer of=rule LeastConn", "balancer speaks=rule Ssl", "rule LoadBalancing lets in=192.0.2.0/24", "balancer secured=rule by=certificate", "member of=rule card=nic", "policy of=rule LbCookie", "check of=rule every=7");
}
