using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;
using Host = Stratiform.Management.Infrastructure.Host;

namespace Stratiform.Management.Images;

/// <summary>Has hosts copy templates.</summary>
public sealed class ImageTransfer(CloudDb db, Hosts hosts, LiveSettings settings)
{
    /// <summary>Asks for a copy of what the template's URL leads to; null until it is whole, when the template knows its sizes.</summary>
    /// <exception cref="CloudException">It cannot be copied.</exception>
    public async Task<ImageProgress?> ImportAsync(Template template, CopyOrder order, CancellationToken ct)
    {
        var message = new EnsureImage
        {
            PoolId = order.To.PoolId,
            ImageId = order.To.ImageId,
            Source = template.Url,
            Checksum = template.Checksum,
            Format = template.Format,
            MaxVirtualSizeBytes = (long)settings.Get(ImageSettings.MaxTemplateSize) << 30,
            Forbidden = await ManagementNetworksAsync(ct),
            Allowed = [.. ImageSettings.NetworksOf(settings.Get(ImageSettings.AllowedInternalSites))!.Select(n => n.ToString())],
        };
        return await AskAsync(template, order, message, ct);
    }

    /// <summary>Asks for a copy of the copy in a store; null until it is whole.</summary>
    /// <exception cref="CloudException">It cannot be copied.</exception>
    public Task<ImageProgress?> CopyAsync(Template template, StoreImage from, CopyOrder order, CancellationToken ct) => AskAsync(template, order, new EnsureImage
    {
        PoolId = order.To.PoolId,
        ImageId = order.To.ImageId,
        Source = template.Url,
        Checksum = from.Checksum,
        Format = template.IsIso ? ImageFormat.Iso : ImageFormat.Qcow2,
        From = new ImageOnPool(from.StoreId.Value, from.Id.Value),
    }, ct);

    private async Task<ImageProgress?> AskAsync(Template template, CopyOrder order, EnsureImage message, CancellationToken ct)
    {
        var progress = await hosts.EnsureAsync(order.Host, order.Subject, message, ct);
        if (progress.State == HostWorkState.Failed)
        {
            var error = progress.Error?.Text ?? "no reason was given";
            throw Refusal.Internal(string.Create(CultureInfo.InvariantCulture, $"The template {template.Name} cannot be copied to {order.Where}: {error}"));
        }
        if (progress.State == HostWorkState.Running) return null;
        template.MarkReady(progress.VirtualSizeBytes, progress.PhysicalSizeBytes);
        return progress;
    }

    // Where agents and servers listen.
    private async Task<IReadOnlyList<string>> ManagementNetworksAsync(CancellationToken ct)
    {
        var pods = await db.Set<Pod>().Where(p => p.Gateway != null && p.Netmask != null).Select(p => new { p.Gateway, p.Netmask }).ToListAsync(ct);
        return [.. pods.Select(p => Ipv4.NetworkOf(p.Gateway!, Ipv4.PrefixOf(p.Netmask!)).ToString()).Distinct()];
    }
}

/// <summary>A copy to be made.</summary>
/// <param name="Host">Who copies.</param>
/// <param name="To">The copy.</param>
/// <param name="Subject">The copy's subject.</param>
/// <param name="Where">Where it goes, for the refusal.</param>
public sealed record CopyOrder(Id<Host> Host, ImageOnPool To, Subject Subject, string Where);
