using System.Text.Json;
using Stratiform.Cli.Doctor;
using Stratiform.Cli.Tests.Kit;

namespace Stratiform.Cli.Tests;

public sealed class DoctorTests : IDisposable
{
    private const long GiB = 1024L * 1024 * 1024;

    private readonly StratRun _strat = new();
    private readonly FakeTools _tools = new();

    public void Dispose() => _strat.Dispose();

    [Fact]
    public async Task A_user_who_is_not_root_is_told_of_the_simulator()
    {
        var finding = await new RootCheck().RunAsync(Machine() with { IsRoot = false }, default);

        finding.Verdict.ShouldBe(Verdict.Fail);
        finding.Todo!.ShouldContain("make sim");
    }

    [Fact]
    public async Task Without_a_kvm_device_guests_are_emulated_and_the_reason_is_given()
    {
        _strat.Write("root/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu vmx sse\n");

        var finding = await new VirtualizationCheck().RunAsync(Machine(), default);

        finding.Verdict.ShouldBe(Verdict.Warn);
        finding.Why.ShouldContain("although the processor could");
    }

    [Fact]
    public async Task A_kvm_device_that_opens_is_no_proof()
    {
        _strat.Write("root/dev/kvm", "");
        _strat.Write("root/proc/cpuinfo", "flags\t\t: fpu svm sse\n");

        var finding = await new VirtualizationCheck().RunAsync(Machine(), default);

        finding.Verdict.ShouldBe(Verdict.Ok);
        finding.Why.ShouldContain("no proof");
    }

    [Fact]
    public async Task A_kvm_device_on_a_processor_that_cannot_is_not_believed()
    {
        _strat.Write("root/dev/kvm", "");
        _strat.Write("root/proc/cpuinfo", "flags\t\t: fpu sse\n");

        (await new VirtualizationCheck().RunAsync(Machine(), default)).Verdict.ShouldBe(Verdict.Warn);
    }

    [Theory]
    [InlineData(2, nameof(Verdict.Fail))]
    [InlineData(4, nameof(Verdict.Ok))]
    public async Task Memory_must_be_four_gigabytes(long gigabytes, string verdict)
    {
        // As a virtual machine with that much reports it.
        var kib = gigabytes * 1024 * 1024 - 150_000;
        _strat.Write("root/proc/meminfo", $"MemTotal:       {kib} kB\nMemAvailable:   {kib} kB\n");

        $"{(await new MemoryCheck().RunAsync(Machine(), default)).Verdict}".ShouldBe(verdict);
    }

    [Fact]
    public async Task Disk_must_have_ten_gigabytes_free()
    {
        (await new DiskCheck().RunAsync(Machine() with { FreeBytes = _ => 5 * GiB }, default)).Verdict.ShouldBe(Verdict.Fail);
        (await new DiskCheck().RunAsync(Machine() with { FreeBytes = _ => 50 * GiB }, default)).Verdict.ShouldBe(Verdict.Ok);
    }

    [Fact]
    public async Task Missing_packages_are_named_from_the_lists_of_the_checkout()
    {
        _strat.Write("packaging/packages/host.list", "# A host.\nnftables\nqemu-utils # images\n");
        _tools.Answers["dpkg-query"] = _ => new(1, "installed qemu-utils\nconfig-files nftables\n", "");

        var asRoot = await new PackagesCheck().RunAsync(Machine(), default);
        var asUser = await new PackagesCheck().RunAsync(Machine() with { IsRoot = false }, default);

        (asRoot.Verdict, asRoot.Why).ShouldBe((Verdict.Warn, "missing: nftables"));
        (asUser.Verdict, asUser.Todo).ShouldBe((Verdict.Fail, "As root: apt-get install nftables"));
    }

    [Fact]
    public async Task Each_ability_of_the_kernel_is_tried_and_the_refusal_quoted()
    {
        _tools.Answers["unshare"] = arguments => arguments.Contains("vxlan") ? new(2, "", "Error: Unknown device type.\n") : new(0, "", "");

        var finding = await new KernelCheck().RunAsync(Machine(), default);

        finding.Verdict.ShouldBe(Verdict.Fail);
        finding.Why.ShouldBe("cannot do: vxlan (Error: Unknown device type.)");
        _tools.Calls.Where(call => call[0] == "unshare").ShouldAllBe(call => call[1] == "--net");
    }

    [Fact]
    public async Task An_ability_whose_tool_is_missing_is_not_held_against_the_kernel()
    {
        _tools.Answers["nft"] = _ => new(127, "", "nft: not found", IsThere: false);

        (await new KernelCheck().RunAsync(Machine(), default)).Verdict.ShouldBe(Verdict.Warn);
    }

    [Fact]
    public async Task A_taken_port_fails_unless_this_checkouts_server_runs()
    {
        // 0x1F90 is 8080; state 0A listens.
        _strat.Write("root/proc/net/tcp", "  sl  local_address rem_address   st\n   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000\n");
        (await new PortCheck().RunAsync(Machine(), default)).Verdict.ShouldBe(Verdict.Fail);
        (await new PortCheck().RunAsync(Machine() with { WantedPort = "9080" }, default)).Verdict.ShouldBe(Verdict.Ok);

        _strat.Write(".run/server.pid", "77\n");
        _strat.Write("root/proc/77/cmdline", "dotnet\0/x/Stratiform.Management.dll\0");
        (await new PortCheck().RunAsync(Machine(), default)).Verdict.ShouldBe(Verdict.Ok);
    }

    [Fact]
    public async Task The_port_of_last_time_is_the_one_that_is_checked()
    {
        _strat.Write(".run/PORT.wanted", "9090\n");

        (await new PortCheck().RunAsync(Machine(), default)).Why.ShouldBe("9090 is free");
    }

    [Fact]
    public async Task Processes_of_a_cloud_whose_checkout_is_gone_are_left_overs()
    {
        _strat.Write("root/proc/41/environ", "PATH=/bin\0STRATIFORM_BOX=abc123/fabric\0");
        _strat.Write("root/proc/42/environ", "STRATIFORM_BOX=def456/fabric\0");
        Directory.CreateDirectory(Path.Combine(_strat.Folder, "root", "run"));
        File.CreateSymbolicLink(Path.Combine(_strat.Folder, "root", "run", "stratiform-abc123"), "/nowhere/at/all");
        File.CreateSymbolicLink(Path.Combine(_strat.Folder, "root", "run", "stratiform-def456"), _strat.Folder);

        var finding = await new LeftOversCheck().RunAsync(Machine(), default);

        (finding.Verdict, finding.Todo).ShouldBe((Verdict.Warn, "End them: kill -KILL 41"));
    }

    [Fact]
    public async Task Doctor_needs_no_server_and_prints_every_check()
    {
        Directory.CreateDirectory(Path.Combine(_strat.Folder, "root"));

        var exit = await _strat.RunAsync("doctor", "--json");

        var findings = JsonDocument.Parse(_strat.Out).RootElement.EnumerateArray().ToArray();
        findings.Select(finding => finding.GetProperty("name").GetString())
            .ShouldBe(["root", "kvm", "cores", "memory", "disk", "packages", "kernel", "port", "left-overs"]);
        var fails = findings.Any(finding => finding.GetProperty("result").GetString() == "fail");
        exit.ShouldBe(fails ? ExitCodes.Refused : ExitCodes.Ok);
    }

    private Machine Machine() => new()
    {
        Root = Path.Combine(_strat.Folder, "root"),
        IsRoot = true,
        Cores = 2,
        Checkout = _strat.Folder,
        WantedPort = null,
        FreeBytes = _ => 50 * GiB,
        Tools = _tools,
    };

    private sealed class FakeTools : ITools
    {
        public Dictionary<string, Func<IReadOnlyList<string>, ToolAnswer>> Answers { get; } = new(StringComparer.Ordinal);

        public List<string[]> Calls { get; } = [];

        public Task<ToolAnswer> RunAsync(string tool, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            Calls.Add([tool, .. arguments]);
            return Task.FromResult(Answers.TryGetValue(tool, out var answer) ? answer(arguments) : new(0, "", ""));
        }
    }
}
