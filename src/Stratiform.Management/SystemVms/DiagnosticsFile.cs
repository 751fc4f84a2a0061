using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.SystemVms;

/// <summary>
/// What was collected inside a system VM, to be downloaded for a while by whoever has the link. Each system VM has the newest alone. The
/// link's secret is not kept: what comes with a request is compared with its hash.
/// </summary>
public sealed class DiagnosticsFile
{
    private const int SecretBytes = 32;

    private DiagnosticsFile() { }

    public DiagnosticsFile(Guid systemVm, string name, byte[] packed, string secret, DateTimeOffset now, TimeSpan age)
    {
        Id = Protocol.Id.New<DiagnosticsFile>();
        (SystemVmId, Name, Packed, SecretHash, CreatedAt, ExpiresAt) = (systemVm, name, packed, HashOf(secret), now, now + age);
    }

    public Id<DiagnosticsFile> Id { get; private set; }

    /// <summary>The router or other system VM.</summary>
    public Guid SystemVmId { get; private set; }

    /// <summary>What it is called when it is downloaded.</summary>
    public string Name { get; private set; } = "";

    /// <summary>A tar.gz of at most <see cref="ReadDiagnosticsData.MostBytes"/>.</summary>
    public byte[] Packed { get; private set; } = [];

    public byte[] SecretHash { get; private set; } = [];
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>What a link to it ends with.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    internal sealed class Mapping : IEntityTypeConfiguration<DiagnosticsFile>
    {
        public void Configure(EntityTypeBuilder<DiagnosticsFile> entity)
        {
            entity.HasIndex(f => f.SystemVmId).IsUnique();
            entity.HasIndex(f => f.SecretHash).IsUnique();
            entity.HasIndex(f => f.ExpiresAt);
        }
    }
}
