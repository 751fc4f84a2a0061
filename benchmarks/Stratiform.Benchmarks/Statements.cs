using System.Globalization;
using Npgsql;

namespace Stratiform.Benchmarks;

/// <summary>Which statements PostgreSQL spent its time on: for finding out why a figure is what it is.</summary>
internal sealed class Statements(Postmaster database, int shown)
{
    /// <summary>Forgets what was counted until now.</summary>
    public async Task ForgetAsync(CancellationToken ct)
    {
        await using var connection = await database.ConnectAsync(ct);
        await using var reset = new NpgsqlCommand("SELECT pg_stat_statements_reset()", connection);
        await reset.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Writes the costliest since then, and what all of them came to for each deployment.</summary>
    public async Task WriteAsync(int deployments, TextWriter output, CancellationToken ct)
    {
        await using var connection = await database.ConnectAsync(ct);
        await using var costliest = new NpgsqlCommand(
            """
            SELECT calls, total_exec_time, shared_blks_hit + shared_blks_read, regexp_replace(query, '\s+', ' ', 'g'),
                sum(calls) OVER (), sum(total_exec_time) OVER ()
            FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT $1
            """, connection)
        { Parameters = { new() { Value = shown } } };
        await using var rows = await costliest.ExecuteReaderAsync(ct);
        for (var first = true; await rows.ReadAsync(ct); first = false)
        {
            if (first)
                output.WriteLine(Text($"{(double)rows.GetDecimal(4) / deployments:0.0} statements and {rows.GetDouble(5) / deployments:0.00} ms in them for each deployment; the costliest: calls, ms, blocks for each call"));
            var query = rows.GetString(3);
            output.WriteLine(Text(
                $"{rows.GetInt64(0),8} {rows.GetDouble(1),9:0} {rows.GetInt64(2) / rows.GetInt64(0),6}  {query[..Math.Min(query.Length, 150)]}"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
