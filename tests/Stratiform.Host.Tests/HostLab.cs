using System.Globalization;
using Stratiform.Agent;
using Stratiform.Agent.Compute;
using Stratiform.Agent.Networking;
using Stratiform.Agent.Storage;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Host.Tests;

/// <summary>
/// A host of its own for all tests: namespaces with a private libvirtd and bridges, which end with their first process. Nothing
/// of it is seen by the machine's network or its libvirt. Needs root and the packages of a host.
/// </summary>
public sealed class HostLab : IAsyncLifetime
{
    private const string Furnish = """
        set -e
        hostname strat-lab
        mount -t sysfs sysfs /sys
        for folder in etc:/etc/libvirt run:/run/libvirt lib:/var/lib/libvirt log:/var/log/libvirt; do
            mkdir -p "$1/${folder%%:*}" "${folder#*:}"
            mount --bind "$1/${folder%%:*}" "${folder#*:}"
        done
        mkdir -p "$1/pools"
        mount -t tmpfs -o size=256m pools "$1/pools"
        ip link set lo up
        ip link add guest0 mtu 1600 type veth peer name guest0-wire mtu 1600
        ip link set guest0 up
        ip link set guest0-wire up
        for bridge in br-public br-management br-storage; do
            ip link add $bridge type bridge
            ip link set $bridge up
        done
        ip address add 192.0.2.1/24 dev br-management
        touch "$1/furnished"
        # QEMU outlives libvirtd and becomes a child of this process: unreaped it would never look dead.
        while :; do
            sleep 60 &
            wait
        done
        """;

    private const string QemuConf = """
        security_driver = "none"
        user = "root"
        group = "root"
        dynamic_ownership = 0
        remember_owner = 0
        cgroup_controllers = []
        namespaces = []
        seccomp_sandbox = 0
        stdio_handler = "file"
        """;

    private const string LibvirtdConf = """
        listen_tls = 0
        listen_tcp = 0
        auth_unix_ro = "none"
        auth_unix_rw = "none"
        log_outputs = "3:stderr"
        """;

    private int _unshare;

    /// <summary>Everything the lab writes is below.</summary>
    public string Folder { get; } = $"/tmp/strat-lab-{Environment.ProcessId}";

    /// <summary>The host's first process, as seen from outside.</summary>
    public int Init { get; private set; }

    /// <summary>The lab's small disk for pools, which the machine itself does not see.</summary>
    public string PoolsFolder => $"/proc/{Init}/root{Folder}/pools";

    public string LibvirtUri => $"qemu+unix:///system?socket={Folder}/run/libvirt-sock";

    public Ip Ip => new(Init);

    public Nft Nft => new(Init);

    public TrafficDevices Traffic { get; } = new("guest0", "br-public", "br-management", "br-storage");

    /// <summary>The folder of images, with a link to the system VM's.</summary>
    public string ImagesFolder => $"{Folder}/images";

    /// <summary>Seen from inside and outside alike.</summary>
    public string ChannelsFolder => $"{Folder}/channels";

    public IMachine Machine { get; } = new LinuxMachine(Guid.CreateVersion7(), "br-management", 0);

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory($"{Folder}/etc");
        Directory.CreateDirectory(ImagesFolder);
        await File.WriteAllTextAsync($"{Folder}/etc/qemu.conf", QemuConf);
        await File.WriteAllTextAsync($"{Folder}/etc/libvirtd.conf", LibvirtdConf + $"\nhost_uuid = \"{Guid.CreateVersion7()}\"\n");
        await InstallAsync("system-vm");
        _unshare = int.Parse(await ShAsync(
            "setsid unshare --mount --net --uts --ipc --pid --fork --kill-child --mount-proc sh -c \"$1\" lab \"$2\""
            + " </dev/null >\"$2/lab.log\" 2>&1 & echo $!", Furnish, Folder), CultureInfo.InvariantCulture);
        await WaitForAsync(() => File.Exists($"{Folder}/furnished"), "the lab's namespaces");
        Init = await ChildOfAsync(_unshare);
        await StartLibvirtdAsync();
    }

    public async Task DisposeAsync()
    {
        Signals.KillSession(_unshare);
        await WaitForAsync(() => !Directory.Exists($"/proc/{Init}"), "the end of the lab");
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Runs a command within the host.</summary>
    public Task<string> InsideAsync(params string[] command) => Shell.RunAsync("nsenter",
        ["--target", $"{Init}", "--mount", "--net", "--uts", "--ipc", "--pid", "--", .. command]);

    /// <summary>Starts a daemon within the host; its output goes to a log in the lab's folder. Answers its number outside.</summary>
    public async Task<int> StartAsync(string name, params string[] command) => int.Parse(await ShAsync(
        "log=$1; shift; exec 4>&1 >\"$log\" 2>&1 </dev/null; \"$@\" 4>&- & echo $! >&4",
        [$"{Folder}/{name}.log", "nsenter", "--target", $"{Init}", "--mount", "--net", "--uts", "--ipc", "--pid", "--", .. command]),
        CultureInfo.InvariantCulture);

    public async Task StartLibvirtdAsync()
    {
        await StartAsync("libvirtd", "libvirtd", "--config", "/etc/libvirt/libvirtd.conf", "--pid-file", "/run/libvirt/libvirtd.pid");
        await WaitForAsync(async () =>
        {
            using var libvirt = new Libvirt(LibvirtUri);
            try
            {
                await libvirt.VersionsAsync(default);
                return true;
            }
            catch (LibvirtException)
            {
                return false;
            }
        }, "libvirtd");
    }

    /// <summary>The host has a system-VM image, which is built if nobody has built it yet.</summary>
    public async Task InstallAsync(string image)
    {
        if (!Directory.Exists($"{ImagesFolder}/{image}")) File.CreateSymbolicLink($"{ImagesFolder}/{image}", await FolderOfAsync(image));
    }

    /// <summary>Kills libvirtd as a crash does; guests stay.</summary>
    public async Task KillLibvirtdAsync()
    {
        var pid = (await InsideAsync("cat", "/run/libvirt/libvirtd.pid")).Trim();
        await InsideAsync("kill", "-9", pid);
        // Until it is gone it holds its file of the number, and the next one would end at once.
        await WaitForAsync(async () => (await InsideAsync("sh", "-c", $"test -d /proc/{pid} || echo gone")).Length > 0, "the end of libvirtd");
    }

    /// <summary>A new state folder.</summary>
    public string NewStateFolder() => Directory.CreateDirectory($"{Folder}/state-{Guid.CreateVersion7()}").FullName;

    /// <summary>A new disk that belongs to no pool.</summary>
    public async Task<DiskSource> NewDiskAsync(Guid volumeId)
    {
        var path = $"{Folder}/{volumeId}.qcow2";
        await QemuImg.CreateAsync(path, 64 << 20, null, default);
        return new DiskSource(path, "qcow2");
    }

    /// <summary>A system VM, without disks and network cards.</summary>
    public static DomainSpec SystemVm() => new()
    {
        Id = Guid.CreateVersion7(),
        Name = $"r-{Guid.CreateVersion7()}",
        Vcpus = 1,
        CpuMhz = 500,
        MemoryMib = 112,
        Kernel = new KernelBoot("system-vm", "console=ttyS0 quiet lockdown=confidentiality stratiform.role=router"),
    };

    public LibvirtHypervisor NewHypervisor(Libvirt libvirt, string stateFolder, IMachine? machine = null) =>
        new(libvirt, new LibvirtOptions(stateFolder, ImagesFolder, ChannelsFolder, CpuShares: false), machine ?? Machine, TimeProvider.System);

    /// <summary>The one child of a process: what nsenter runs is not itself.</summary>
    public static async Task<int> ChildOfAsync(int parent) => int.Parse(
        (await File.ReadAllTextAsync($"/proc/{parent}/task/{parent}/children")).Split(' ')[0], CultureInfo.InvariantCulture);

    public static async Task WaitForAsync(Func<Task<bool>> holds, string what, int seconds = 120)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!await holds())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException($"Waited {seconds} s for {what}.");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private static Task WaitForAsync(Func<bool> holds, string what) => WaitForAsync(() => Task.FromResult(holds()), what);

    private static Task<string> ShAsync(string script, params string[] arguments) =>
        Shell.RunAsync("sh", ["-c", script, "sh", .. arguments]);

    // Built once for a content hash; where there is a checkout of it, it is the image's own business to be up to date.
    private static async Task<string> FolderOfAsync(string image)
    {
        if (image == "system-vm" && Environment.GetEnvironmentVariable("STRATIFORM_SYSTEM_VM") is { } given) return given;
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Stratiform.slnx"))) root = Path.GetDirectoryName(root)!;
        return (await Shell.RunAsync(Path.Combine(root, "packaging/images/ensure"), [image], TimeSpan.FromMinutes(10))).Trim();
    }
}

/// <summary>All tests on real technology share one lab and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OnTheHost : ICollectionFixture<HostLab>
{
    public const string Name = "host";
}
