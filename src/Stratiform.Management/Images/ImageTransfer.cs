using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images;

/// <summary>Has hosts copy templates.</summary>
public sealed class ImageTransfer(CloudDb db, Hosts hosts, LiveSettings settings)
{
    /// <summary>Asks for the copy; true once it is whole, and the template then knows its sizes.</summary>
    /// <param name="template">What is copied.</param>
    /// <param name="host">Who copies.</param>
    /// <param name="to">The copy to be.</param>
    /// <param name="subject">The copy's subject.</param>
    /// <param name="from">A copy in a store, in place of the template's URL.</param>
    /// <param name="where">Where it goes, for the refusal.</param>
    /// <param name="ct">Gives up the call.</param>
    /// <exception cref="CloudException">It cannot be copied.</exception>
    public async Task<bool> IsDoneAsync(
        Template template, Id<Host> host, ImageOnPool to, Subject subject, ImageOnPool? from, string where, CancellationToken ct)
    {
        var message = new EnsureImage
        {
            PoolId = to.PoolId,
            ImageId = to.ImageId,
            Source = template.Url,
            Checksum = template.Checksum,
            Forbidden = from is null ? await ManagementNetworksAsync(ct) : [],
            Allowed = from is null ? [.. ImageSettings.NetworksOf(settings.Get(ImageSettings.AllowedInternalSites))!.Select(n => n.ToString())] : [],
            From = from,
        };
        var progress = await hosts.EnsureAsync(host, subject, message, ct);
        if (progress.State == HostWorkState.Failed)
        {
            var error = progress.Error?.Text ?? "no reason was given";
            throw Refusal.Internal(string.Create(CultureInfo.InvariantCulture, $"The template {template.Name} cannot be copied to {where}: {error}"));
        }
        if (progress.State == HostWorkState.Running) return false;
        template.MarkReady(progress.VirtualSizeBytes, progress.PhysicalSizeBytes);
        return true;
    }

    // Where agents and servers listen.
    private async Task<IReadOnlyList<string>> ManagementNetworksAsync(CancellationToken ct)
    {
        var pods = await db.Set<Pod>().Where(p => p.Gateway != null && p.Netmask != null).Select(p => new { p.Gateway, p.Netmask }).ToListAsync(ct);
        return [.. pods.Select(p => Ipv4.NetworkOf(p.Gateway!, Ipv4.PrefixOf(p.Netmask!)).ToString()).Distinct()];
    }
}
