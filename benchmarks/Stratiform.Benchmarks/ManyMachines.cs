using Npgsql;
using Stratiform.Cli.Wire;

namespace Stratiform.Benchmarks;

/// <summary>
/// Tens of thousands of virtual machines for lists, as copies of real ones: set-based statements give each copy an id, a name and
/// a time of its own, a card with an address of its own in the same network, and two tags. They have no disks and run nowhere,
/// so the audit comes before them.
/// </summary>
internal sealed class ManyMachines(CloudClient cloud, Postmaster database)
{
    /// <summary>Copies until there are so many.</summary>
    public async Task FillAsync(int wanted, CancellationToken ct)
    {
        await using var connection = await database.ConnectAsync(ct);
        await using var copy = new NpgsqlCommand(Copies, connection) { Parameters = { new() { Value = wanted } } };
        await copy.ExecuteNonQueryAsync(ct);
        foreach (var table in (string[])["virtual_machine", "nic", "tag"])
        {
            await using var analyze = new NpgsqlCommand("VACUUM ANALYZE " + table, connection);
            await analyze.ExecuteNonQueryAsync(ct);
        }
        var count = (await cloud.AskAsync("listVirtualMachines", ["listall=true", "page=1", "pagesize=1"], ct)).Count;
        if (count != wanted) throw new InvalidOperationException($"There are {count} virtual machines instead of {wanted}.");
    }

    // A column that is not named here is copied as it is: the statement outlives changes of the schema.
    private const string Copies = """
        WITH real AS (
            SELECT v AS vm, n AS nic, row_number() OVER (ORDER BY v.created_at) AS place, count(*) OVER () AS number
            FROM virtual_machine v JOIN nic n ON n.guest_id = v.id WHERE v.removed_at IS NULL),
        copies AS (
            SELECT gen_random_uuid() AS id, copy, real.vm, real.nic FROM generate_series(1, $1 - (SELECT count(*) FROM real)) AS copy
            JOIN real ON real.place = 1 + copy % real.number),
        machines AS (
            INSERT INTO virtual_machine
            SELECT (jsonb_populate_record(vm, jsonb_build_object('id', id, 'name', 'copy-' || copy, 'display_name', 'copy-' || copy,
                'instance_name', 'i-' || id, 'created_at', (vm).created_at + copy * interval '1 ms'))).* FROM copies),
        cards AS (
            INSERT INTO nic
            SELECT (jsonb_populate_record(nic, jsonb_build_object('id', gen_random_uuid(), 'guest_id', id, 'ip', inet '10.128.0.0' + copy,
                'mac', regexp_replace(lpad(to_hex(copy), 12, '0'), '(..)(?!$)', '\1:', 'g')))).* FROM copies)
        INSERT INTO tag (id, kind, resource_id, key, value, account_id, domain_id)
        SELECT gen_random_uuid(), 'VirtualMachine', id, key, 'value-' || copy % 100, (vm).account_id, (vm).domain_id
        FROM copies, unnest(ARRAY['team', 'stage']) AS key
        """;
}
