namespace Stratiform.Management.Tests.Simulated;

/// <summary>Chance that chooses from the lower half of what there is much of, so that tests may name what lies in the upper one.</summary>
internal sealed class LowerHalf : Random
{
    public override int Next(int maxValue) => (int)NextInt64(maxValue);

    public override long NextInt64(long maxValue) => Shared.NextInt64(maxValue < 8 ? maxValue : maxValue / 2);
}
