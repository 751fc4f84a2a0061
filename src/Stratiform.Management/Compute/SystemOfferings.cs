using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>Sizes of the cloud's own virtual machines: which one secondary storage VMs are made of, and which ones routers can be.</summary>
public sealed class SystemOfferings(CloudDb db, LiveSettings settings) : IRouterOfferings
{
    /// <summary>The kind of system VM that handles images.</summary>
    public const string WorkerType = "secondarystoragevm";

    /// <summary>The kind of system VM that is a router.</summary>
    public const string RouterType = "domainrouter";

    /// <summary>Less than this and its program has no room, MiB.</summary>
    public const int LeastMemoryMib = 256;

    /// <summary>What they are made of until somebody chooses; the same in every cloud.</summary>
    public static ServiceOffering BuiltIn { get; } = ServiceOffering.OfSystem(
        new Id<ServiceOffering>(Id.Derive(Guid.Empty, nameof(ServiceOffering), WorkerType)), "System Offering For Secondary Storage VM", WorkerType,
        cpus: 1, cpuMhz: 500, LeastMemoryMib, DateTimeOffset.UnixEpoch);

    /// <summary>What routers are made of until somebody chooses another for one of them; the same in every cloud.</summary>
    public static ServiceOffering BuiltInForRouters { get; } = ServiceOffering.OfSystem(
        new(RouterMake.BuiltIn.OfferingId), "System Offering For Software Router", RouterType,
        RouterMake.BuiltIn.Cpus, RouterMake.BuiltIn.CpuMhz, RouterMake.BuiltIn.MemoryMib, DateTimeOffset.UnixEpoch);

    /// <summary>Whether system VMs of its kind are made of it for want of a choice.</summary>
    public static bool IsBuiltIn(ServiceOffering offering) => offering.Id == BuiltIn.Id || offering.Id == BuiltInForRouters.Id;

    /// <summary>
    /// The memory that system VMs of a kind need at least and can use at most, MiB; null when there are none whose size can be chosen.
    /// </summary>
    /// <param name="type">The kind.</param>
    /// <param name="arch">Routers' architecture; null leaves it open, and so allows what any of them uses.</param>
    public static (int Least, int Most)? MemoryOf(string type, string? arch) => type switch
    {
        WorkerType => (LeastMemoryMib, RouterSize.Bits64.MostMib),
        RouterType when RouterSize.Of(arch ?? SystemVmImage.Bits64) is { } size => (size.LeastMib, size.MostMib),
        _ => null,
    };

    /// <summary>The one that secondary storage VMs are to have now.</summary>
    public async Task<ServiceOffering> WantedAsync(CancellationToken ct) =>
        await Named(db, settings.Get(ComputeSettings.WorkerOffering)).AsNoTracking().OrderBy(o => o.CreatedAt).FirstOrDefaultAsync(ct) ?? BuiltIn;

    /// <summary>Refuses to take away what the setting names, or what is there for want of a choice.</summary>
    /// <param name="offering">The offering.</param>
    /// <param name="newName">Its new name; null when it is deleted.</param>
    /// <exception cref="Stratiform.Workflows.CloudException">It is needed as it is.</exception>
    public void RequireFree(ServiceOffering offering, string? newName)
    {
        if (!offering.IsSystem) return;
        if (newName is null && IsBuiltIn(offering))
            throw Refusal.Parameter($"The offering {offering.Name} is what system VMs are made of for want of another; it stays.");
        var named = settings.Get(ComputeSettings.WorkerOffering);
        if (newName is null ? named == offering.Name || IsId(named, offering.Id) : named == offering.Name && newName != named)
        {
            throw Refusal.Parameter(
                $"The setting {ComputeSettings.WorkerOffering.Name} names the offering {offering.Name}; let it name another first (updateConfiguration).");
        }
    }

    /// <summary>Refuses what no secondary storage VM can be made of.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is for others.</exception>
    public static void RequireForWorkers(ServiceOffering offering)
    {
        if (offering is { IsSystem: true, SystemVmType: WorkerType }) return;
        throw Refusal.Parameter($"The offering {offering.Name} is not for secondary storage VMs; listServiceOfferings issystem=true systemvmtype={WorkerType} shows which are.");
    }

    /// <summary>What a router is when it is made of the offering.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is for others.</exception>
    public static RouterMake RequireForRouters(ServiceOffering offering)
    {
        if (offering is not { IsSystem: true, SystemVmType: RouterType })
            throw Refusal.Parameter($"The offering {offering.Name} is not for routers; listServiceOfferings issystem=true systemvmtype={RouterType} shows which are.");
        var made = new RouterMake { OfferingId = offering.Id.Value, Cpus = offering.Cpus, CpuMhz = offering.CpuMhz, MemoryMib = offering.MemoryMib };
        return made with { HostTags = offering.HostTags, ChosenArch = offering.Arch, Arch = offering.Arch ?? made.Arch };
    }

    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IReadOnlyCollection<Guid> offerings, CancellationToken ct)
    {
        var ids = offerings.Select(id => new Id<ServiceOffering>(id)).ToList();
        return await db.Set<ServiceOffering>().IgnoreQueryFilters().Where(o => ids.Contains(o.Id)).ToDictionaryAsync(o => o.Id.Value, o => o.Name, ct);
    }

    public async Task<RouterMake> MadeOfAsync(Guid offering, CancellationToken ct) => RequireForRouters(
        await db.Set<ServiceOffering>().AsNoTracking().SingleOrDefaultAsync(o => o.Id == new Id<ServiceOffering>(offering), ct)
            ?? throw Refusal.Parameter($"There is no service offering {offering}; listServiceOfferings issystem=true systemvmtype={RouterType} shows which are for routers."));

    /// <summary>What speaks against a value of the setting.</summary>
    internal static async Task<string?> ObjectionAsync(CloudDb db, string named, CancellationToken ct) => await Named(db, named).CountAsync(ct) switch
    {
        _ when named.Length == 0 => null,
        0 => $"names no offering of secondary storage VMs; createServiceOffering issystem=true systemvmtype={WorkerType} makes one",
        1 => null,
        _ => "is the name of several offerings; give the id of the one that is meant",
    };

    private static bool IsId(string named, Id<ServiceOffering> id) => Guid.TryParse(named, CultureInfo.InvariantCulture, out var given) && given == id.Value;

    private static IQueryable<ServiceOffering> Named(CloudDb db, string named)
    {
        var offerings = db.Set<ServiceOffering>().Where(o => o.IsSystem && o.SystemVmType == WorkerType);
        if (!Guid.TryParse(named, CultureInfo.InvariantCulture, out var given)) return offerings.Where(o => o.Name == named);
        var id = new Id<ServiceOffering>(given);
        return offerings.Where(o => o.Id == id);
    }
}
