using System.Globalization;
using Stratiform.Linux;

namespace Stratiform.Host.Tests;

/// <summary>An NFS server on a loopback address of its own: its folder is <see cref="Url"/>. Clients may be root only for what all may read.</summary>
internal sealed class SmallShare : IAsyncDisposable
{
    private readonly string _place = Directory.CreateTempSubdirectory("share-").FullName;
    private int _server;

    private SmallShare() => Directory.CreateDirectory($"{_place}/content/images");

    private static string Address { get; } = string.Create(CultureInfo.InvariantCulture, $"127.79.{Environment.ProcessId >> 8 & 255}.{Environment.ProcessId & 255}");

    public string Folder => $"{_place}/content";

    public static string Url => $"nfs://{Address}/share";

    public static async Task<SmallShare> StartAsync()
    {
        var share = new SmallShare();
        await File.WriteAllTextAsync($"{share._place}/conf", $$"""
            NFS_CORE_PARAM { Protocols = 4; Bind_addr = {{Address}}; Enable_NLM = false; Enable_RQUOTA = false; Enable_UDP = false; }
            NFS_KRB5 { Active_krb5 = false; }
            LOG { COMPONENTS { DBUS = FATAL; } }
            NFSv4 { RecoveryBackend = fs; RecoveryRoot = "{{share._place}}/recovery"; Only_Numeric_Owners = true; Graceless = true; Lease_Lifetime = 5; }
            EXPORT {
                Export_Id = 1; Path = "{{share.Folder}}"; Pseudo = /share; Protocols = 4; Transports = TCP; Access_Type = RO; Squash = All_Squash; SecType = sys;
                FSAL { Name = VFS; }
            }
            """);
        Directory.CreateDirectory($"{share._place}/recovery");
        await Shell.RunAsync("chmod", ["-R", "a+rX", share._place]);
        await share.ServeAsync();
        return share;
    }

    /// <summary>Serves, anew after <see cref="KillAsync"/>.</summary>
    public async Task ServeAsync()
    {
        // A /run of its own, where it leaves folders.
        const string script = "setsid unshare --mount sh -c 'mount -t tmpfs share /run && exec ganesha.nfsd -F -f \"$1/conf\" -L \"$1/log\" -p \"$1/pid\" -N NIV_EVENT' sh \"$1\" </dev/null >/dev/null 2>&1 & echo $!";
        _server = int.Parse(await Shell.RunAsync("sh", ["-c", script, "sh", _place]), CultureInfo.InvariantCulture);
        await HostLab.WaitForAsync(async () => (await Shell.TryRunAsync("nfs-ls", [$"{Url}?version=4"])).ExitCode == 0, $"the server in {_place}", seconds: 30);
    }

    /// <summary>The server answers nobody until it goes on; none of its threads does once this is done.</summary>
    public async Task PauseAsync()
    {
        await Shell.RunAsync("kill", ["-STOP", _server.ToString(CultureInfo.InvariantCulture)]);
        await HostLab.WaitForAsync(
            () => Task.FromResult(Directory.GetDirectories($"/proc/{_server}/task").All(task => File.ReadAllText($"{task}/stat").Contains(") T", StringComparison.Ordinal))),
            "the server to stop");
    }

    public Task GoOnAsync() => Shell.RunAsync("kill", ["-CONT", _server.ToString(CultureInfo.InvariantCulture)]);

    public async Task KillAsync()
    {
        Signals.KillSession(_server);
        await HostLab.WaitForAsync(() => Task.FromResult(!Directory.Exists($"/proc/{_server}") || File.ReadAllText($"/proc/{_server}/stat").Contains(") Z", StringComparison.Ordinal)), "the server's end");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_place, recursive: true);
    }
}
