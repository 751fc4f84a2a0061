using Stratiform.Management.Api;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;

namespace Stratiform.Management.Compute;

/// <summary>What a service offering's details may say.</summary>
internal static class ServiceOfferingDetails
{
    /// <summary>The name of what chooses routers' architecture.</summary>
    public const string Arch = "arch";

    /// <summary>Of which architecture its system VMs are to be; null when nothing is said.</summary>
    /// <param name="details">As <c>[0].key=arch&amp;[0].value=i386</c>, or as <c>[0].arch=i386</c>.</param>
    /// <param name="systemVmType">The kind of system VM that the offering is for; null for guests.</param>
    /// <exception cref="Stratiform.Workflows.CloudException">There is another detail than this, or none of that kind is of it (431).</exception>
    public static string? ReadArch(IReadOnlyList<IReadOnlyDictionary<string, string>>? details, string? systemVmType)
    {
        var given = details?.Any(entry => entry.ContainsKey("key")) == true ? details.AsKeysAndValues() : details.AsFields();
        if (given.Keys.FirstOrDefault(key => !key.Equals(Arch, StringComparison.OrdinalIgnoreCase)) is { } other)
            throw Refusal.Parameter($"The detail {other} is not supported; there is {Arch}, of routers.");
        if (given.Values.SingleOrDefault() is not { } arch) return null;
        if (systemVmType is null) throw Refusal.Parameter($"The detail {Arch} is of routers; guests are of what their template has.");
        if (RouterSize.Of(arch) is null) throw Refusal.Parameter($"The detail {Arch} is {SystemVmImage.Bits64} or {SystemVmImage.Bits32}, not {arch}.");
        if (systemVmType != SystemOfferings.RouterType && arch != SystemVmImage.Bits64)
            throw Refusal.Parameter($"The program of a {systemVmType} is of {SystemVmImage.Bits64}; routers alone can be of {arch}.");
        return arch;
    }
}
