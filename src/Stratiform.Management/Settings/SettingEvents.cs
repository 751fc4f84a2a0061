using Stratiform.Management.Events;

namespace Stratiform.Management.Settings;

/// <summary>What is recorded about settings.</summary>
internal static class SettingEvents
{
    public static readonly EventType Changed = new("CONFIGURATION.VALUE.EDIT");
}
