using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Verbs;

/// <summary>Keeps each cloud's catalogue between calls: one file for each endpoint and caller, since roles differ.</summary>
internal sealed class CatalogueCache(string folder, CloudEndpoint endpoint)
{
    private readonly string _file = Path.Combine(folder, $"{Fingerprint(endpoint)}.json");

    public ApiCatalogue? Read()
    {
        try
        {
            return File.Exists(_file)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(_file), CatalogueJson.Default.ApiCatalogue)
                : null;
        }
        catch (JsonException)
        {
            // Written by another version of strat: as good as none.
            return null;
        }
    }

    public async Task<ApiCatalogue> FetchAsync(CloudClient cloud, CancellationToken ct)
    {
        var catalogue = ApiCatalogue.Of(await cloud.CallAsync("listApis", [], ct));
        Write(catalogue);
        return catalogue;
    }

    /// <summary>Replaces the file in one move, so that a call beside this one never reads half of it.</summary>
    private void Write(ApiCatalogue catalogue)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var draft = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(catalogue, CatalogueJson.Default.ApiCatalogue));
            File.Move(draft, _file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A home that cannot be written costs a question to the server each time, nothing else.
        }
    }

    private static string Fingerprint(CloudEndpoint endpoint) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{endpoint.Address}|{endpoint.Key}")))[..16];
}
