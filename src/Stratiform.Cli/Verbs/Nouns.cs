using System.Collections.Frozen;

namespace Stratiform.Cli.Verbs;

/// <summary>The few things whose name at the prompt is not simply the API's: everything else goes by rule.</summary>
internal static class Nouns
{
    public static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["VirtualMachine"] = "vm",
        ["VM"] = "vm",
        ["Vm"] = "vm",
        ["ServiceOffering"] = "offering",
        ["Configuration"] = "setting",
        ["SSHKeyPair"] = "ssh-key",
        ["AsyncJob"] = "job",
        ["PublicIpAddress"] = "ip",
        ["IpAddress"] = "ip",
        ["LoadBalancerRule"] = "load-balancer",
        ["PortForwardingRule"] = "port-forward",
        ["FirewallRule"] = "firewall",
        ["EgressFirewallRule"] = "egress-firewall",
        ["Storage"] = "storage-pool",
        ["Api"] = "api-command",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Verbs that read better shorter.</summary>
    public static readonly FrozenDictionary<(string Noun, string Verb), string> VerbAliases = new Dictionary<(string, string), string>
    {
        [("workflow", "skip-step")] = "skip",
        [("job", "query-result")] = "show",
    }.ToFrozenDictionary();

    /// <summary>What parameters call things that their lists call otherwise.</summary>
    public static readonly FrozenDictionary<string, string> ParameterStems = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["storage"] = "StoragePool",
        ["pool"] = "StoragePool",
        ["vm"] = "VirtualMachine",
        ["ipaddress"] = "PublicIpAddress",
        ["publicip"] = "PublicIpAddress",
        ["acl"] = "NetworkACLList",
        ["lbrule"] = "LoadBalancerRule",
        ["group"] = "InstanceGroup",
        ["parent"] = "Domain",
        ["userdata"] = "UserData",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
