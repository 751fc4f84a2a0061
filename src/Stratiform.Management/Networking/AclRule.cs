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

    /// <summary>Which packets it speaks of; the other side is the source, whichever way they go.</summary>
    public RuleMatch Match => new()
    {
        Protocol = Protocol,
        StartPort = StartPort,
        EndPort = EndPort,
        IcmpType = IcmpType,
        IcmpCode = IcmpCode,
        SourceCidrs = Cidrs,
    };

    /// <summary>All that may be changed about it.</summary>
    public AclRuleContent Content => new()
    {
        Number = Number,
        Traffic = Traffic,
        Action = Action,
        Protocol = Protocol,
        StartPort = StartPort,
        EndPort = EndPort,
        IcmpType = IcmpType,
        IcmpCode = IcmpCode,
        Cidrs = [.. Cidrs.Select(c => c.ToString())],
        Reason = Reason,
    };

    public void Become(AclRuleContent content)
    {
        (Number, Traffic, Action, Reason) = (content.Number, content.Traffic, content.Action, content.Reason);
        (Protocol, StartPort, EndPort) = (content.Protocol, content.StartPort, content.EndPort);
        (IcmpType, IcmpCode, Cidrs) = (content.IcmpType, content.IcmpCode, [.. content.Cidrs.Select(IPNetwork.Parse)]);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<AclRule>
    {
        public void Configure(EntityTypeBuilder<AclRule> entity)
        {
            entity.Ignore(r => r.Content).Ignore(r => r.Match);
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
                Protocol = "all",
                Cidrs = ["0.0.0.0/0"],
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
    public required string Protocol { get; init; }
    public int? StartPort { get; init; }
    public int? EndPort { get; init; }
    public int? IcmpType { get; init; }
    public int? IcmpCode { get; init; }
    public required IReadOnlyList<string> Cidrs { get; init; }
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
