using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute;

/// <summary>
/// What accounts and domains have. What lies within a network or VPC is not listed beside it: addresses, rules, gateways and routers
/// go with that.
/// </summary>
internal sealed class Holdings(CloudDb db, Machines machines, WorkflowQueue queue) : IHoldings
{
    public IReadOnlyList<Holding> Of(Id<Account> account) =>
    [
        new("virtual machine", "virtual machines", "destroyVirtualMachine expunge=true", Owned<VirtualMachine>(account).Select(v => v.Name)),
        new("volume", "volumes", "deleteVolume", Owned<Volume>(account).Select(v => v.Name)),
        new("template", "templates", "deleteTemplate", Owned<Template>(account).Where(t => t.Format != ImageFormat.Iso).Select(t => t.Name)),
        new("ISO", "ISOs", "deleteIso", Owned<Template>(account).Where(t => t.Format == ImageFormat.Iso).Select(t => t.Name)),
        new("network", "networks", "deleteNetwork",
            db.Set<Network>().Where(n => n.AccountId == account && n.VpcId == null || n.ForAccountId == account).Select(n => n.Name)),
        new("VPC", "VPCs", "deleteVPC", Owned<Vpc>(account).Select(v => v.Name)),
        new("VPN user", "VPN users", "removeVpnUser", Owned<VpnUser>(account).Select(u => u.Name)),
        new("VPN customer gateway", "VPN customer gateways", "deleteVpnCustomerGateway", Owned<VpnCustomerGateway>(account).Select(g => g.Name)),
        new("certificate", "certificates", "deleteSslCert", Owned<SslCertificate>(account).Select(c => c.Name)),
        new("SSH key pair", "SSH key pairs", "deleteSSHKeyPair", Owned<SshKeyPair>(account).Select(k => k.Name)),
        new("user data", "user data", "deleteUserData", Owned<UserDataText>(account).Select(u => u.Name)),
        new("security group", "security groups", "deleteSecurityGroup",
            Owned<SecurityGroup>(account).Where(g => g.Name != SecurityGroup.Default).Select(g => g.Name)),
        new("public range", "public ranges", "releasePublicIpRange", db.Database.SqlQuery<string>(
            $"SELECT host(start_ip) AS \"Value\" FROM public_ip_range WHERE kept_for_account_id = {account.Value} AND removed_at IS NULL")),
        new("reserved public address", "reserved public addresses", "releaseIpAddress", db.Database.SqlQuery<string>(
            $"SELECT host(address) AS \"Value\" FROM public_ip_address WHERE reserved_by_id = {account.Value} AND scope_id IS NULL")),
    ];

    public IReadOnlyList<Holding> Of(Id<Domain> domain) =>
    [
        new("network", "networks", "deleteNetwork", db.Set<Network>().Where(n => n.ForDomainId == domain).Select(n => n.Name)),
        new("public range", "public ranges", "releasePublicIpRange", db.Database.SqlQuery<string>(
            $"SELECT host(start_ip) AS \"Value\" FROM public_ip_range WHERE kept_for_domain_id = {domain.Value} AND removed_at IS NULL")),
    ];

    public async Task StopGuestsAsync(Id<Account> account, Caller caller, CancellationToken ct)
    {
        var running = await db.Set<VirtualMachine>()
            .Where(v => v.AccountId == account && (v.State == VmState.Running || v.State == VmState.Starting)).ToListAsync(ct);
        foreach (var vm in running)
        {
            var order = StopVm.For(vm, await machines.SubjectsAsync(vm, ct), forced: false);
            queue.Enqueue(order, caller.Asks with { Command = "stopVirtualMachine" });
        }
    }

    public async Task LeaveAsync(Id<Account> account, CancellationToken ct)
    {
        // Nothing is in the default group any more, so a rule that names it lets nobody in.
        var groups = db.Set<SecurityGroup>().Where(g => g.AccountId == account).Select(g => g.Id);
        await db.Set<SecurityRule>().Where(r => groups.Contains(r.GroupId) || r.PeerId != null && groups.Contains(r.PeerId.Value)).ExecuteDeleteAsync(ct);
        await db.Set<SecurityGroup>().Where(g => g.AccountId == account).ExecuteDeleteAsync(ct);
        await db.Set<TemplateShare>().Where(s => s.AccountId == account).ExecuteDeleteAsync(ct);
        await db.Set<NetworkPermission>().Where(p => p.AccountId == account).ExecuteDeleteAsync(ct);
    }

    private IQueryable<T> Owned<T>(Id<Account> account) where T : class, IOwned => db.Set<T>().Where(row => row.AccountId == account);
}
