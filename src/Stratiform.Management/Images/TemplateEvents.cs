using Stratiform.Management.Events;

namespace Stratiform.Management.Images;

/// <summary>What is recorded about templates.</summary>
internal static class TemplateEvents
{
    public static readonly EventType Created = new("TEMPLATE.CREATE") { Of = ["registerTemplate", "getUploadParamsForTemplate"] };
    public static readonly EventType Updated = new("TEMPLATE.UPDATE") { Of = ["updateTemplate"] };
    public static readonly EventType Extracted = new("TEMPLATE.EXTRACT") { Of = ["extractTemplate"] };
    public static readonly EventType Deleted = new("TEMPLATE.DELETE") { Of = ["deleteTemplate"] };
}
