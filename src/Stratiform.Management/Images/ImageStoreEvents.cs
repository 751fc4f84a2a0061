using Stratiform.Management.Events;

namespace Stratiform.Management.Images;

/// <summary>What is recorded about image stores.</summary>
internal static class ImageStoreEvents
{
    public static readonly EventType Migrated = new("IMAGE.STORE.MIGRATE.DATA") { Of = ["migrateSecondaryStorageData"] };
}
