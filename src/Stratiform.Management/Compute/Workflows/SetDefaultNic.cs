using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Lets a virtual machine's way out go by another of its cards: its guest learns that when it asks for its addresses again.</summary>
public sealed class SetDefaultNic(Machines machines, RoutersInStep routers) : Workflow<SetDefaultNic.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VmId">The virtual machine.</param>
    /// <param name="NicId">The card.</param>
    /// <param name="Before">The card that was the default before, once that is noted.</param>
    /// <param name="Generations">The generations that its networks' routers must have applied.</param>
    public sealed record Memory(Id<VirtualMachine> VmId, Id<Nic> NicId, Id<Nic>? Before = null, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<SetDefaultNic> For(VirtualMachine vm, Nic nic) => new()
    {
        State = new Memory(vm.Id, nic.Id),
        Subjects = [vm.Subject],
        InstanceKind = nameof(VirtualMachine),
        InstanceId = vm.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkDefault).Undo(MarkAsBefore)
        .Until(RoutersKnowIt, TimeSpan.FromMinutes(5));

    private async Task MarkDefault(CancellationToken ct)
    {
        var cards = await machines.NicsAsync(State.VmId, ct);
        if (cards.All(n => n.Id != State.NicId)) throw Api.Refusal.Parameter("The card was removed meanwhile.");
        State = State with { Before = State.Before ?? cards.FirstOrDefault(n => n.IsDefault)?.Id };
        Mark(cards, State.NicId);
    }

    private async Task MarkAsBefore(CancellationToken ct)
    {
        if (State.Before is { } before) Mark(await machines.NicsAsync(State.VmId, ct), before);
    }

    private void Mark(IEnumerable<Nic> cards, Id<Nic> chosen)
    {
        foreach (var nic in cards.Where(n => n.IsDefault != (n.Id == chosen)))
        {
            nic.IsDefault = !nic.IsDefault;
            InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, nic.NetworkId, token));
        }
    }

    private async Task<bool> RoutersKnowIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await WantedAsync(ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private async Task<IReadOnlyDictionary<Guid, long>> WantedAsync(CancellationToken ct) =>
        await routers.WantedAsync([.. (await machines.NicsAsync(State.VmId, ct)).Where(n => n.Id == State.NicId || n.Id == State.Before).Select(n => n.NetworkId)], ct);
}
