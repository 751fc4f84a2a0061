using Stratiform.Agent.Fencing;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.Fencing;

public sealed class FenceGateTests
{
    private static readonly string Machine = $"VirtualMachine/{Guid.CreateVersion7()}";
    private static readonly Thing Domain = new("domain/1");
    private readonly MemoryFenceStore _store = new();
    private readonly FenceGate _gate;

    public FenceGateTests() => _gate = new FenceGate(_store);

    [Fact]
    public async Task A_lower_fence_is_refused_an_equal_one_is_a_repeat()
    {
        (await EnterAsync(5)).ShouldBe(5);
        (await EnterAsync(5)).ShouldBe(5);
        (await Should.ThrowAsync<HostException>(() => EnterAsync(4))).Code.ShouldBe(HostErrorCode.StaleFence);
        (await EnterAsync(6)).ShouldBe(6);
    }

    [Fact]
    public async Task The_fence_is_written_before_the_message_is_obeyed()
    {
        var order = new Order(Machine, 5);
        await Should.ThrowAsync<IOException>(() => _gate.EnterAsync<int>(order, Domain, _ => throw new IOException(), default));
        _store.FenceOf(Machine).ShouldBe(5);
    }

    [Fact]
    public async Task A_thing_belongs_to_one_subject_until_it_is_released()
    {
        await EnterAsync(5);
        var other = new Order($"VirtualMachine/{Guid.CreateVersion7()}", 9);
        (await Should.ThrowAsync<HostException>(() => EnterAsync(other))).Code.ShouldBe(HostErrorCode.Invalid);
        await _store.ReleaseAsync(Domain, default);
        await EnterAsync(other);
    }

    [Fact]
    public async Task What_nobody_owns_any_more_is_taken_by_who_comes_later_and_not_brought_back()
    {
        await EnterAsync(5);
        var leftover = $"{Wire.Leftover}/{Guid.CreateVersion7()}";
        (await Should.ThrowAsync<HostException>(() => EnterAsync(new Order(leftover, 4)))).Code.ShouldBe(HostErrorCode.Invalid);
        for (var i = 0; i < 2; i++) (await EnterAsync(new Order(leftover, 7))).ShouldBe(7);
        (await Should.ThrowAsync<HostException>(() => EnterAsync(6))).Code.ShouldBe(HostErrorCode.StaleFence);
        (await EnterAsync(8)).ShouldBe(8);
    }

    [Fact]
    public async Task A_later_runner_cancels_an_earlier_one_and_goes_after_it()
    {
        var started = new TaskCompletionSource();
        var earlier = _gate.EnterAsync<int>(new Order(Machine, 5), Domain, async ct =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, ct);
            return 0;
        }, default);
        await started.Task;
        (await EnterAsync(6)).ShouldBe(6);
        (await Should.ThrowAsync<HostException>(() => earlier)).Code.ShouldBe(HostErrorCode.StaleFence);
    }

    [Fact]
    public async Task Messages_of_one_subject_run_one_at_a_time()
    {
        var inside = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _gate.EnterAsync(new Order(Machine, 5), Domain, async ct =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Delay(1, ct);
            return Interlocked.Decrement(ref inside);
        }, default)));
        most.ShouldBe(1);
    }

    [Theory]
    [InlineData(null, "1")]
    [InlineData("VirtualMachine", "1")]
    [InlineData("VirtualMachine/11111111-1111-1111-1111-111111111111", null)]
    [InlineData("VirtualMachine/11111111-1111-1111-1111-111111111111", "-1")]
    [InlineData("VirtualMachine/11111111-1111-1111-1111-111111111111\n", "1")]
    public void Headers_that_name_no_subject_or_fence_are_refused(string? subject, string? fence) =>
        Should.Throw<HostException>(() => Order.Parse(subject, fence)).Code.ShouldBe(HostErrorCode.Invalid);

    private Task<long> EnterAsync(long fence) => EnterAsync(new Order(Machine, fence));

    private Task<long> EnterAsync(Order order) => _gate.EnterAsync(order, Domain, _ => Task.FromResult(order.Fence), default);
}
