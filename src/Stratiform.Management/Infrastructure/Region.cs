using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Infrastructure;

/// <summary>
/// A cloud with its own API: this one, which is there from the start, or another that clients of this one should know of. A cloud knows the
/// names and endpoints of others and has nothing else to do with them.
/// </summary>
public sealed class Region
{
    /// <summary>The id of this cloud's own, in every cloud.</summary>
    public const int Local = 1;

    private Region() { }

    public Region(int id, string name, string endpoint) => (Id, Name, Endpoint) = (id, name, endpoint);

    /// <summary>Chosen by whoever adds it, the same in all clouds that know each other.</summary>
    public int Id { get; private set; }

    public string Name { get; set; } = "";

    /// <summary>Where its API is: an address for http or https.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The region of a parameter.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">There is none (431).</exception>
    internal static async Task<Region> FindAsync(CloudDb db, int id, CancellationToken ct) =>
        await db.Set<Region>().SingleOrDefaultAsync(r => r.Id == id, ct) ?? throw Refusal.Parameter($"There is no region {id}; listRegions shows those that are known.");

    /// <summary>Refuses a name that another one has.</summary>
    internal static async Task<string> RequireNewNameAsync(CloudDb db, string name, int id, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(name)) throw Refusal.Parameter("The region needs a name.");
        return !await db.Set<Region>().AnyAsync(r => r.Name == name && r.Id != id, ct) ? name
            : throw Refusal.Parameter($"Another region is named {name} already; choose another name.");
    }

    /// <summary>Refuses what is no address of an API. What it is given is shown to everybody.</summary>
    internal static string RequireEndpoint(string text)
    {
        var isHttp = Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
        if (!isHttp) throw Refusal.Parameter("endpoint is no address of an API such as https://cloud.example.org/client/.");
        return uri!.UserInfo.Length == 0 ? text : throw Refusal.Parameter("endpoint is shown to everybody; leave name and password out of it.");
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Region>
    {
        public void Configure(EntityTypeBuilder<Region> entity)
        {
            entity.Property(r => r.Id).ValueGeneratedNever();
            entity.HasIndex(r => r.Name).IsUnique();
            entity.HasData(new Region(Local, "Local", "http://localhost:8080/client/"));
        }
    }
}
