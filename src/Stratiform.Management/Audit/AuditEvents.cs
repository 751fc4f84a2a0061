using Stratiform.Management.Events;

namespace Stratiform.Management.Audit;

/// <summary>What operators do about what the audit finds.</summary>
internal static class AuditEvents
{
    public static readonly EventType LeakRemoved = new("LEAK.REMOVE") { Of = ["removeLeak"] };
}
