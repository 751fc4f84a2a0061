using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>
/// A login that is still good, on whichever server the next call arrives. Only hashes of its two tokens are stored: reading
/// the database opens no session.
/// </summary>
public sealed class Session
{
    private Session() { }

    public Session(Id<User> userId, SessionTokens tokens, DateTimeOffset now, TimeSpan timeout)
    {
        TokenHash = HashOf(tokens.Token);
        KeyHash = HashOf(tokens.Key);
        UserId = userId;
        CreatedAt = now;
        SeenAt = now;
        EndsAt = now + timeout;
    }

    /// <summary>Of the JSESSIONID cookie.</summary>
    public byte[] TokenHash { get; private set; } = [];

    /// <summary>Of the sessionkey, which scripts of other sites cannot know.</summary>
    public byte[] KeyHash { get; private set; } = [];

    public Id<User> UserId { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The last call, to the minute.</summary>
    public DateTimeOffset SeenAt { get; private set; }

    public DateTimeOffset EndsAt { get; private set; }

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    internal sealed class Mapping : IEntityTypeConfiguration<Session>
    {
        public void Configure(EntityTypeBuilder<Session> entity)
        {
            entity.HasKey(s => s.TokenHash);
            entity.HasIndex(s => s.EndsAt);
            entity.HasIndex(s => s.UserId);
            entity.HasOne<User>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>What a browser holds of a session.</summary>
/// <param name="Token">The JSESSIONID cookie.</param>
/// <param name="Key">The sessionkey, as cookie and as parameter.</param>
public sealed record SessionTokens(string Token, string Key)
{
    private const int TokenBytes = 32;
    private const int KeyBytes = 20;

    public static SessionTokens Draw() => new(
        Convert.ToHexString(RandomNumberGenerator.GetBytes(TokenBytes)), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes)));
}
