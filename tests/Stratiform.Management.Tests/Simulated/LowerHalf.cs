namespace Stratiform.Management.Tests.Simulated;

/// <summary>Chance that chooses from the lower half of what there is much of, so that tests may name what lies in the upper one.</summary>
internal sealed class LowerHalf : Random
{
    public override int Next(int maxValue) => (int)NextInt64(maxValue);

#pragma warning disable RS0030 // Many ask it at once.
    public override long NextInt64(long maxValue) => Shared.NextInt64(maxValue < 8 ? maxValue : maxValue / 2);
#pragma warning restore RS0030
}
