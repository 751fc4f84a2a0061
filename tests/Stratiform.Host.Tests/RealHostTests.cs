using Microsoft.Extensions.Logging.Abstractions;
using Stratiform.Agent;
using Stratiform.Agent.Compute;
using Stratiform.Agent.Fencing;
using Stratiform.Agent.Networking;
using Stratiform.Agent.Storage;
using Stratiform.Agent.SystemVms;
using Stratiform.Agent.Tests.Contracts;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Host.Tests;

[Collection(OnTheHost.Name)]
public sealed class RealHostTests(HostLab lab) : HostContract
{
    protected override Task<HostBench> BenchAsync() => Task.FromResult<HostBench>(new Bench(lab));

    private sealed class Bench : HostBench
    {
        private readonly Libvirt _libvirt;
        private readonly LibvirtHypervisor _hypervisor;
        private readonly FileFenceStore _fences;
        private readonly VirtioWorkers _workers;

        public Bench(HostLab lab)
        {
            var state = lab.NewStateFolder();
            _libvirt = new Libvirt(lab.LibvirtUri);
            _hypervisor = lab.NewHypervisor(_libvirt, state);
            _fences = FileFenceStore.Open(Path.Combine(state, "fences"));
            PoolPath = $"{lab.Folder}/pool-{Guid.CreateVersion7()}";
            IsoUrl = $"file://{state}/disc.iso";
            File.WriteAllBytes($"{state}/disc.iso", SmallDisc.Content());
            Host = new AgentHost(
                new HostDrivers(lab.Machine, _hypervisor, new DirectoryPools(state),
                    new BridgeFabric(lab.Ip, lab.Nft, lab.Traffic, state, lab.Machine.BootId),
                    new GuestAgentRouter(_libvirt, _hypervisor, TimeProvider.System),
                    _workers = new VirtioWorkers(_hypervisor, lab.ChannelsFolder, TimeProvider.System)),
                _fences, NullLogger<AgentHost>.Instance);
        }

        public override AgentHost Host { get; }

        public override string PoolPath { get; }

        public override string IsoUrl { get; }

        public override DomainSpec Spec { get; } = HostLab.SystemVm();

        public override async ValueTask DisposeAsync()
        {
            // A test that failed half way must not fail the next one.
            var left = await Host.ReadAsync(new ReadInventory(), default);
            foreach (var domain in left.Domains) await _hypervisor.EnsureAbsentAsync(domain.Id, default);
            foreach (var network in left.Networks) await Host.Drivers.Fabric.EnsureAbsentAsync(network, default);
            await _workers.DisposeAsync();
            await _hypervisor.DisposeAsync();
            _fences.Dispose();
            _libvirt.Dispose();
        }
    }
}
