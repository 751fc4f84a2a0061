using Stratiform.Cli.Output;

namespace Stratiform.Cli.Doctor;

/// <summary>Room for images, volumes and the database, all of which lie under .run of the checkout.</summary>
internal sealed class DiskCheck : ICheck
{
    private const double LeastBytes = 10.0 * 1000 * 1000 * 1000;

    public Task<Finding> RunAsync(Machine machine, CancellationToken ct)
    {
        var free = machine.FreeBytes(machine.Checkout);
        var why = $"{Sizes.OfBytes(free)} free where {machine.Checkout} is";
        return Task.FromResult<Finding>(free >= LeastBytes
            ? new("disk", Verdict.Ok, why)
            : new("disk", Verdict.Fail, why, "Free some, or put the checkout on a disk with at least 10 GB free."));
    }
}
