using System.ComponentModel;
using System.Text.Json.Serialization;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Api.Commands;

/// <summary>What this cloud offers, for clients that adapt to it.</summary>
[Command("Shows what this cloud offers, so that clients can adapt", AllowedTo.Everyone)]
internal sealed record ListCapabilities : IQuery<CapabilityWire>;

/// <summary>What this cloud offers.</summary>
[WireName("capability")]
internal sealed record CapabilityWire
{
    [Description("The version of the API that this cloud speaks")]
    public string CloudStackVersion { get; init; } = CloudVersion.OnTheWire;

    [Description("Whether security groups filter shared networks")]
    public bool SecurityGroupsEnabled { get; init; } = true;

    [Description("Whether roles' rules can be changed; always true")]
    public bool DynamicRolesEnabled { get; init; } = true;

    [Description("Whether users may make their templates public")]
    public required bool UserPublicTemplateEnabled { get; init; }

    [Description("Elastic load balancing; always false")]
    [JsonPropertyName("supportELB")]
    public string SupportElb { get; init; } = "false";

    [Description("Whether joining a project takes an invitation")]
    public bool ProjectInviteRequired { get; init; }

    [Description("Whether users may make projects")]
    public bool AllowUserCreateProjects { get; init; }

    [Description("Smallest disk of one's own size, in GiB")]
    public long CustomDiskOfferingMinSize { get; init; } = 1;

    [Description("Largest disk of one's own size, in GiB")]
    public long CustomDiskOfferingMaxSize { get; init; } = 1024;

    [Description("Whether secondary storage spans zones")]
    public bool RegionSecondaryEnabled { get; init; }

    [Description("Whether disks of running machines can be snapshot")]
    public bool KvmSnapshotEnabled { get; init; }

    [Description("Whether users see their destroyed machines")]
    public bool AllowUserViewDestroyedVm { get; init; }

    [Description("Whether users may expunge and recover machines")]
    public bool AllowUserExpungeRecoverVm { get; init; }

    [Description("Whether users may expunge and recover volumes")]
    public bool AllowUserExpungeRecoverVolume { get; init; }

    [Description("Whether users see the other accounts of their domain")]
    public bool AllowUserViewAllDomainAccounts { get; init; }

    [Description("Whether users may stop machines by force")]
    public bool AllowUserForceStopVm { get; init; } = true;

    [Description("Whether the cloud runs Kubernetes clusters")]
    public bool KubernetesServiceEnabled { get; init; }

    [Description("Whether experimental abilities of Kubernetes clusters are on")]
    public bool KubernetesClusterExperimentalFeaturesEnabled { get; init; }

    [Description("Rows on a page of the console")]
    public required long DefaultUiPageSize { get; init; }
}

internal sealed class ListCapabilitiesHandler(LiveSettings settings) : IHandle<ListCapabilities, CapabilityWire>
{
    public Task<CapabilityWire> HandleAsync(ListCapabilities command, Caller caller, CancellationToken ct) =>
        Task.FromResult(new CapabilityWire
        {
            UserPublicTemplateEnabled = settings.Get(ApiSettings.PublicTemplatesByUsers),
            DefaultUiPageSize = settings.Get(ApiSettings.ConsolePageSize),
        });
}
