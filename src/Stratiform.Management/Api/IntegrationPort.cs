using System.Globalization;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Api;

/// <summary>
/// Tells the web server which loopback port to open besides its own, as a configuration that it watches: the port follows
/// its setting while the server runs.
/// </summary>
internal sealed class IntegrationPort : ConfigurationProvider, IConfigurationSource
{
    /// <summary>The endpoint's name in the web server's configuration.</summary>
    public const string Endpoint = "Integration";

    private const string Url = $"Endpoints:{Endpoint}:Url";

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Opens, moves or closes the port whenever the settings say so.</summary>
    public void Follow(LiveSettings settings)
    {
        settings.WereRead += () => Change(settings.Get(ApiSettings.IntegrationPort));
        Change(settings.Get(ApiSettings.IntegrationPort));
    }

    private void Change(int port)
    {
        var wanted = port == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        if (TryGet(Url, out var open) ? open == wanted : wanted is null) return;
        if (wanted is null) Data.Remove(Url);
        else Data[Url] = wanted;
        OnReload();
    }
}
