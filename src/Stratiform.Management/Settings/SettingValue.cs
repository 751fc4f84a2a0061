using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Stratiform.Management.Settings;

/// <summary>A setting that somebody changed; the others have no row.</summary>
public sealed class SettingValue
{
    private SettingValue() { }

    public SettingValue(string name) => Name = name;

    public string Name { get; private set; } = "";
    public string Value { get; private set; } = "";
    public DateTimeOffset ChangedAt { get; private set; }

    public void Change(string value, DateTimeOffset now) => (Value, ChangedAt) = (value, now);

    internal sealed class Mapping : IEntityTypeConfiguration<SettingValue>
    {
        public void Configure(EntityTypeBuilder<SettingValue> entity)
        {
            entity.HasKey(s => s.Name);
            entity.Property(s => s.Value).IsConcurrencyToken();
        }
    }
}
