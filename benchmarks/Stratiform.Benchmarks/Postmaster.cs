using System.Globalization;
using Npgsql;
using Stratiform.Linux;

namespace Stratiform.Benchmarks;

/// <summary>The private PostgreSQL of the server under test, found by the file that it keeps of itself.</summary>
/// <param name="Id">Its first process.</param>
/// <param name="Sockets">The folder of its socket.</param>
internal sealed record Postmaster(int Id, string Sockets)
{
    /// <summary>The one that keeps its data in the server's folder; null when none runs.</summary>
    public static Postmaster? Find(string data)
    {
        var file = Path.Combine(data, "database", "data", "postmaster.pid");
        if (!File.Exists(file)) return null;
        var lines = File.ReadAllLines(file);
        return new(int.Parse(lines[0], CultureInfo.InvariantCulture), lines[4]);
    }

    /// <summary>A connection for statements that no client of the API could send.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken ct)
    {
        var connection = new NpgsqlConnection($"Host={Sockets};Username=stratiform;Database=stratiform;Pooling=false;Command Timeout=300");
        await connection.OpenAsync(ct);
        return connection;
    }

    /// <summary>Stops it in good order.</summary>
    public async Task StopAsync()
    {
        await Shell.TryRunAsync("kill", ["-INT", $"{Id}"]);
        for (var i = 0; i < 200 && Directory.Exists($"/proc/{Id}"); i++) await Task.Delay(100);
        if (Directory.Exists(Sockets)) Directory.Delete(Sockets, recursive: true);
    }
}
