namespace Stratiform.Cli.Doctor;

/// <summary>All checks, in the order in which one would mend what they find.</summary>
internal static class Checks
{
    public static IReadOnlyList<ICheck> All { get; } =
    [
        new RootCheck(),
        new VirtualizationCheck(),
        new CoresCheck(),
        new MemoryCheck(),
        new DiskCheck(),
        new PackagesCheck(),
        new KernelCheck(),
        new PortCheck(),
        new LeftOversCheck(),
    ];
}
