using Stratiform.Management.Events;

namespace Stratiform.Management.Images;

/// <summary>What is recorded about templates and ISOs.</summary>
internal static class TemplateEvents
{
    public static readonly EventType Created = new("TEMPLATE.CREATE") { Of = ["registerTemplate", "getUploadParamsForTemplate", "createTemplate"] };
    public static readonly EventType Updated = new("TEMPLATE.UPDATE") { Of = ["updateTemplate", "updateTemplatePermissions"] };
    public static readonly EventType Extracted = new("TEMPLATE.EXTRACT") { Of = ["extractTemplate"] };
    public static readonly EventType Copied = new("TEMPLATE.COPY") { Of = ["copyTemplate", "copyIso"] };
    public static readonly EventType Deleted = new("TEMPLATE.DELETE") { Of = ["deleteTemplate"] };
    public static readonly EventType IsoCreated = new("ISO.CREATE") { Of = ["registerIso", "getUploadParamsForIso"] };
    public static readonly EventType IsoUpdated = new("ISO.UPDATE") { Of = ["updateIso", "updateIsoPermissions"] };
    public static readonly EventType IsoExtracted = new("ISO.EXTRACT") { Of = ["extractIso"] };
    public static readonly EventType IsoDeleted = new("ISO.DELETE") { Of = ["deleteIso"] };
}
