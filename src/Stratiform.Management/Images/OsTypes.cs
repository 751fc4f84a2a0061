using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;

namespace Stratiform.Management.Images;

/// <summary>The guest operating systems that every cloud knows from its first start.</summary>
internal static class OsTypes
{
    private static readonly (string Category, string[] Names)[] Known =
    [
        ("Debian", ["Debian GNU/Linux 11 (64-bit)", "Debian GNU/Linux 12 (64-bit)", "Debian GNU/Linux 13 (64-bit)"]),
        ("Ubuntu", ["Ubuntu 20.04 LTS", "Ubuntu 22.04 LTS", "Ubuntu 24.04 LTS"]),
        ("RedHat", ["Red Hat Enterprise Linux 8.0", "Red Hat Enterprise Linux 9.0"]),
        ("CentOS", ["CentOS Stream 8", "CentOS Stream 9", "CentOS 5.6 (64-bit)"]),
        ("Rocky Linux", ["Rocky Linux 8", "Rocky Linux 9"]),
        ("SUSE", ["SUSE Linux Enterprise Server 15 (64-bit)", "openSUSE Leap 15"]),
        ("Windows", ["Windows Server 2019 (64-bit)", "Windows Server 2022 (64-bit)", "Windows 11 (64-bit)"]),
        ("Unix", ["FreeBSD 13 (64-bit)", "FreeBSD 14 (64-bit)"]),
        ("Other", ["Other (64-bit)", "Other Linux (64-bit)", "Other PV (64-bit)"]),
    ];

    /// <summary>Adds those that the database lacks.</summary>
    public static async Task FillAsync(CloudDb db, CancellationToken ct)
    {
        var there = await db.Set<OsType>().Select(o => o.Description).ToListAsync(ct);
        var types = Known.SelectMany(c => c.Names.Select(name => new OsType(c.Category, name)));
        db.AddRange(types.Where(o => !there.Contains(o.Description)));
        await db.SaveChangesAsync(ct);
    }
}
