using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Stratiform.Linux;

namespace Stratiform.Management.Database;

/// <summary>PostgreSQL's own programs for a database, which need its address in their words rather than in Npgsql's.</summary>
/// <param name="connectionString">The database's.</param>
internal sealed class PostgresTools(string connectionString)
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(24);

    /// <summary>Writes a consistent copy of the database, in PostgreSQL's custom format.</summary>
    public Task DumpAsync(string file, CancellationToken ct) =>
        RunAsync("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", $"--file={file}"], ct);

    /// <summary>Fills an empty database from a copy.</summary>
    public Task RestoreAsync(string file, CancellationToken ct) =>
        RunAsync("pg_restore", ["--exit-on-error", "--no-owner", "--no-privileges", "--jobs=2", file], ct);

    private async Task RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var address = new NpgsqlConnectionStringBuilder(connectionString);
        var passwords = Path.Combine(Path.GetTempPath(), $"stratiform-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        // An argument or a variable would show the password to other users of the machine.
        if (!MasterKey.TryWrite(passwords, Encoding.UTF8.GetBytes($"*:*:*:*:{Escaped(address.Password ?? "", ':')}\n")))
            throw new IOException($"{passwords} exists.");
        try
        {
            await Shell.RunAsync(
                PostgresBinaries.FindNewest()[program],
                [$"--dbname={ConnectionInfo(address, passwords)}", "--no-password", .. arguments], Limit, ct);
        }
        catch (ShellException e)
        {
            throw new OperatorException(e.Message, e);
        }
        finally
        {
            File.Delete(passwords);
        }
    }

    private static string ConnectionInfo(NpgsqlConnectionStringBuilder address, string passwords)
    {
        Dictionary<string, string?> parts = new()
        {
            ["host"] = address.Host,
            ["port"] = address.Port.ToString(CultureInfo.InvariantCulture),
            ["user"] = address.Username,
            ["dbname"] = address.Database,
            ["passfile"] = passwords,
            ["sslmode"] = address.SslMode switch
            {
                SslMode.Disable => "disable",
                SslMode.Allow => "allow",
                SslMode.Prefer => "prefer",
                SslMode.Require => "require",
                SslMode.VerifyCA => "verify-ca",
                SslMode.VerifyFull => "verify-full",
            },
            ["sslrootcert"] = address.RootCertificate,
        };
        return string.Join(' ', parts.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Key}='{Escaped(p.Value!, '\'')}'"));
    }

    private static string Escaped(string text, char special) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace($"{special}", $@"\{special}", StringComparison.Ordinal);
}
