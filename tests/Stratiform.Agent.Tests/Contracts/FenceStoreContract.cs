using Stratiform.Agent.Fencing;

namespace Stratiform.Agent.Tests.Contracts;

/// <summary>What every fence store keeps.</summary>
public abstract class FenceStoreContract
{
    private const string Subject = "VirtualMachine/11111111-1111-1111-1111-111111111111";
    private static readonly Thing Domain = new("domain/1");

    protected abstract IFenceStore Store { get; }

    [Fact]
    public void Knows_nothing_at_first()
    {
        Store.FenceOf(Subject).ShouldBe(0);
        Store.OwnerOf(Domain).ShouldBeNull();
    }

    [Fact]
    public async Task Keeps_the_fence_and_the_owner()
    {
        await Store.RecordAsync(Subject, 7, Domain, default);
        Store.FenceOf(Subject).ShouldBe(7);
        Store.OwnerOf(Domain).ShouldBe(Subject);
    }

    [Fact]
    public async Task A_released_thing_has_no_owner_but_the_fence_stays()
    {
        await Store.RecordAsync(Subject, 7, Domain, default);
        await Store.ReleaseAsync(Domain, default);
        Store.OwnerOf(Domain).ShouldBeNull();
        Store.FenceOf(Subject).ShouldBe(7);
    }
}
