using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>One rule of an ACL list: the first that speaks of a packet decides.</summary>
public sealed class AclRule
{
    private AclRule() { }

    public AclRule(Id<AclRule> id, Id<AclList> list, AclRuleContent content)
    {
        (Id, ListId) = (id, list);
        Become(content);
    }

    public Id<AclRule> Id { get; private set; }
    public Id<AclList> ListId { get; private set; }

    /// <summary>Lower ones are asked first.</summary>
    public int Number { get; private set; }

    public AclTraffic Traffic { get; private set; }
    public AclAction Action { get; private set; }

    /// <summary>tcp, udp, icmp, all, or the number of another protocol.</summary>
    public string Protocol { get; private set; } = "";

    /// <summary>Of the guest where it comes in, of the other side where it goes out; null for all.</summary>
    public int? StartPort { get; private set; }

    public int? EndPort { get; private set; }

    /// <summary>-1 for all.</summary>
    public int? IcmpType { get; private set; }

    /// <summary>-1 for all.</summary>
    public int? IcmpCode { get; private set; }

    /// <summary>The other side: where packets come from, or go to.</summary>
    public IPNetwork[] Cidrs { get; private set; } = [];

    public string Reason { get; private set; } = "";

    /// <summary>All that may be changed about it.</summary>
    public AclRuleContent Content => new()
    {
        Number = Number,
        Traffic = Traffic,
        Action = Action,
        Match = new() { Protocol = Protocol, StartPort = StartPort, EndPort = EndPort, IcmpType = IcmpType, IcmpCode = IcmpCode, SourceCidrs = Cidrs },
        Reason = Reason,
    };

    public void Become(AclRuleContent content)
    {
        (Number, Traffic, Action, Reason) = (content.Number, content.Traffic, content.Action, content.Reason);
        var match = content.Match;
        (Protocol, StartPort, EndPort, IcmpType, IcmpCode, Cidrs) =
            (match.Protocol, match.StartPort, match.EndPort, match.IcmpType, match.IcmpCode, match.SourceCidrs);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<AclRule>
    {
        public void Configure(EntityTypeBuilder<AclRule> entity)
        {
            entity.Ignore(r => r.Content);
            entity.HasIndex(r => new { r.ListId, r.Number });
            entity.HasOne<AclList>().WithMany().HasForeignKey(r => r.ListId).OnDelete(DeleteBehavior.Cascade);
            entity.HasData(
                OfAll(AclList.DefaultAllow, AclTraffic.Ingress, AclAction.Allow), OfAll(AclList.DefaultAllow, AclTraffic.Egress, AclAction.Allow),
                OfAll(AclList.DefaultDeny, AclTraffic.Ingress, AclAction.Deny), OfAll(AclList.DefaultDeny, AclTraffic.Egress, AclAction.Deny));
        }

        private static AclRule OfAll(AclList list, AclTraffic traffic, AclAction action) =>
            new(new(Stratiform.Protocol.Id.Derive(list.Id.Value, traffic.ToString())), list.Id, new()
            {
                Number = traffic == AclTraffic.Ingress ? 1 : 2,
                Traffic = traffic,
                Action = action,
                Match = new() { Protocol = "all", SourceCidrs = [IPNetwork.Parse("0.0.0.0/0")] },
            });
    }
}

/// <summary>What an ACL rule says, and where in its list.</summary>
public sealed record AclRuleContent
{
    /// <summary>Its place; 0 for behind all others.</summary>
    public required int Number { get; init; }

    public required AclTraffic Traffic { get; init; }
    public required AclAction Action { get; init; }
    public required RuleMatch Match { get; init; }
    public string Reason { get; init; } = "";
}

/// <summary>Which way packets go, seen from the tier.</summary>
public enum AclTraffic
{
    Ingress,
    Egress,
}

/// <summary>What becomes of them.</summary>
public enum AclAction
{
    Allow,
    Deny,
}
