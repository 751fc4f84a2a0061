using Stratiform.Agent.Networking;
using Stratiform.Agent.Tests.Contracts;

namespace Stratiform.Agent.Tests.Fakes;

public sealed class FakeFabricTests : FabricContract
{
    protected override INetworkFabric Fabric { get; } = new FakeFabric();
}
