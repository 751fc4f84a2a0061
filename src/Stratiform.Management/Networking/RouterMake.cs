using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>What a router's domain is made of: an offering of system VMs, which the slice above knows, and its size.</summary>
public sealed record RouterMake
{
    /// <summary>Less than this and the image has no room, MiB.</summary>
    public const int LeastMemoryMib = 128;

    /// <summary>What routers are made of until somebody chooses; the same in every cloud.</summary>
    public static RouterMake BuiltIn { get; } =
        new() { OfferingId = Id.Derive(Guid.Empty, "ServiceOffering", "domainrouter"), Cpus = 1, CpuMhz = 500, MemoryMib = LeastMemoryMib };

    public required Guid OfferingId { get; init; }
    public required int Cpus { get; init; }

    /// <summary>Of each processor.</summary>
    public required int CpuMhz { get; init; }

    public required long MemoryMib { get; init; }

    /// <summary>Its host must bear all of these.</summary>
    public IReadOnlyList<string> HostTags { get; init; } = [];

    /// <summary>The architecture that its offering asks for; null for the one that is preferred when it boots.</summary>
    public string? ChosenArch { get; init; }

    /// <summary>The architecture that it is of.</summary>
    public string Arch { get; init; } = SystemVmImage.Bits64;

    /// <summary>As it boots now: one whose offering leaves it open is of the preferred architecture, unless it has more memory than that is for.</summary>
    /// <param name="preferred">What <see cref="NetworkSettings.PreferredArch"/> says.</param>
    internal RouterMake In(string preferred) => this with
    {
        Arch = ChosenArch ?? (RouterSize.Of(preferred) is { } size && size.Has(MemoryMib) ? preferred : SystemVmImage.Bits64),
    };

    /// <summary>It lies in one column.</summary>
    internal static void Map(PropertyBuilder<RouterMake> property) => property.HasColumnType("jsonb").HasConversion(
        made => JsonSerializer.Serialize(made, JsonSerializerOptions.Default),
        text => JsonSerializer.Deserialize<RouterMake>(text, JsonSerializerOptions.Default)!);
}

/// <summary>Who knows the offerings that routers are made of: declared here, told by the slice that owns them.</summary>
public interface IRouterOfferings
{
    /// <summary>What offerings are called, those that were deleted too.</summary>
    Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IReadOnlyCollection<Guid> offerings, CancellationToken ct);

    /// <summary>What routers of an offering are made of.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">There is no such offering, or it is not for routers (431).</exception>
    Task<RouterMake> MadeOfAsync(Guid offering, CancellationToken ct);
}
