using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>Who gives networks on a physical network their services: virtual machines that are routers. What needs one needs its element as well.</summary>
public sealed class NetworkServiceProvider
{
    /// <summary>Gives networks their routers.</summary>
    public const string VirtualRouter = "VirtualRouter";

    /// <summary>Gives tiers of VPCs load balancers within; their routers carry them, under the name that clients know.</summary>
    public const string InternalLb = "InternalLbVm";

    private NetworkServiceProvider() { }

    internal NetworkServiceProvider(PhysicalNetwork wires, string name)
    {
        (Id, PhysicalNetworkId, Name) = (Protocol.Id.New<NetworkServiceProvider>(), wires.Id, name);
        Element = new VirtualRouterElement(this);
    }

    public Id<NetworkServiceProvider> Id { get; private set; }
    public Id<PhysicalNetwork> PhysicalNetworkId { get; private set; }
    public string Name { get; private set; } = "";

    /// <summary>Disabled: nothing new is given services.</summary>
    public AllocationState State { get; set; } = AllocationState.Enabled;

    /// <summary>What it does it by; null unless loaded.</summary>
    public VirtualRouterElement? Element { get; private set; }

    internal sealed class Mapping : IEntityTypeConfiguration<NetworkServiceProvider>
    {
        public void Configure(EntityTypeBuilder<NetworkServiceProvider> entity)
        {
            entity.HasIndex(p => new { p.PhysicalNetworkId, p.Name }).IsUnique();
            entity.HasOne(p => p.Element).WithOne().HasForeignKey<VirtualRouterElement>(e => e.ProviderId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>What a provider does it by.</summary>
public sealed class VirtualRouterElement
{
    private VirtualRouterElement() { }

    internal VirtualRouterElement(NetworkServiceProvider provider) =>
        (Id, ProviderId) = (Protocol.Id.New<VirtualRouterElement>(), provider.Id);

    public Id<VirtualRouterElement> Id { get; private set; }
    public Id<NetworkServiceProvider> ProviderId { get; private set; }
    public bool Enabled { get; set; } = true;
}
