using Stratiform.Cli.Tests.Kit;
using Stratiform.Cli.Verbs;

namespace Stratiform.Cli.Tests;

public sealed class VerbBookTests
{
    private static readonly VerbBook Book = new(Fixtures.Catalogue);

    [Theory]
    [InlineData("listVirtualMachines", "vm list")]
    [InlineData("deployVirtualMachine", "vm deploy")]
    [InlineData("listVirtualMachinesMetrics", "vm list-metrics")]
    [InlineData("migrateVirtualMachineWithVolume", "vm migrate-with-volume")]
    [InlineData("addNicToVirtualMachine", "vm add-nic")]
    [InlineData("removeNicFromVirtualMachine", "vm remove-nic")]
    [InlineData("resetPasswordForVirtualMachine", "vm reset-password")]
    [InlineData("resetSSHKeyForVirtualMachine", "vm reset-ssh-key")]
    [InlineData("getVMPassword", "vm get-password")]
    [InlineData("prepareHostForMaintenance", "host prepare-for-maintenance")]
    [InlineData("cancelHostMaintenance", "host cancel-maintenance")]
    [InlineData("updateHostPassword", "host update-password")]
    [InlineData("findHostsForMigration", "host find-for-migration")]
    [InlineData("listServiceOfferings", "offering list")]
    [InlineData("listDiskOfferings", "disk-offering list")]
    [InlineData("listNetworkOfferings", "network-offering list")]
    [InlineData("listSystemVms", "system-vm list")]
    [InlineData("createSSHKeyPair", "ssh-key create")]
    [InlineData("enableStorageMaintenance", "storage-pool enable-maintenance")]
    [InlineData("updateConfiguration", "setting update")]
    [InlineData("queryAsyncJobResult", "job show")]
    [InlineData("listPublicIpAddresses", "ip list")]
    [InlineData("associateIpAddress", "ip associate")]
    [InlineData("assignToLoadBalancerRule", "load-balancer assign")]
    [InlineData("authorizeSecurityGroupIngress", "security-group authorize-ingress")]
    [InlineData("listNetworkACLLists", "network-acl-list list")]
    [InlineData("listNetworkACLs", "network-acl list")]
    [InlineData("replaceNetworkACLList", "network-acl-list replace")]
    [InlineData("revertToVMSnapshot", "vm-snapshot revert")]
    [InlineData("createSnapshotFromVMSnapshot", "vm-snapshot create-snapshot")]
    [InlineData("deleteSnapshotPolicies", "snapshot-policy delete")]
    [InlineData("registerUserKeys", "user register-keys")]
    [InlineData("enableStaticNat", "static-nat enable")]
    [InlineData("listWorkflows", "workflow list")]
    [InlineData("retryWorkflow", "workflow retry")]
    [InlineData("skipWorkflowStep", "workflow skip")]
    [InlineData("giveUpWorkflow", "workflow give-up")]
    public void A_command_becomes_a_noun_and_a_verb(string command, string typed)
    {
        var verb = Book.NounNames.SelectMany(noun => Book.VerbsOf(noun)!.Values).Single(verb => verb.Command.Name == command);

        $"{verb.Noun} {verb.Name}".ShouldBe(typed);
    }

    [Fact]
    public void Every_command_but_login_and_logout_has_its_verb()
    {
        var verbs = Book.NounNames.SelectMany(noun => Book.VerbsOf(noun)!.Values).Select(verb => verb.Command.Name);

        Fixtures.Catalogue.Commands.Select(command => command.Name).Except(verbs).ShouldBe(["login", "logout"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("vm", "deploy", "zoneid", "listZones")]
    [InlineData("vm", "deploy", "serviceofferingid", "listServiceOfferings")]
    [InlineData("vm", "deploy", "networkids", "listNetworks")]
    [InlineData("vm", "start", "id", "listVirtualMachines")]
    [InlineData("vm", "deploy", "overridediskofferingid", "listDiskOfferings")]
    [InlineData("vm", "migrate", "storageid", "listStoragePools")]
    [InlineData("volume", "attach", "virtualmachineid", "listVirtualMachines")]
    [InlineData("template", "register", "ostypeid", "listOsTypes")]
    public void An_id_parameter_knows_the_list_that_knows_its_names(string noun, string verb, string parameter, string list)
    {
        var found = Book.VerbsOf(noun)![verb];

        Book.ListFor(found, found.Command.Parameter(parameter)!)!.Name.ShouldBe(list);
    }

    [Theory]
    [InlineData("zoneid", "zone-id")]
    [InlineData("serviceofferingid", "service-offering-id")]
    [InlineData("networkids", "network-ids")]
    [InlineData("ipaddress", "ip-address")]
    [InlineData("zzqx", "zzqx")]
    public void A_run_together_name_is_split_into_the_words_of_the_catalogue(string name, string hyphenated) =>
        Words.Hyphenate(name, Words.Vocabulary(Fixtures.Catalogue.Commands)).ShouldBe(hyphenated);
}
