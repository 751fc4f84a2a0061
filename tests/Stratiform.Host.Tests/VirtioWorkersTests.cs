using System.Text.Json.Nodes;
using Stratiform.Agent.Compute;
using Stratiform.Agent.SystemVms;
using Stratiform.Linux;

namespace Stratiform.Host.Tests;

/// <summary>The channel as QEMU offers it, with a few lines of shell in the place of the program inside.</summary>
[Collection(OnTheHost.Name)]
public sealed class VirtioWorkersTests(HostLab lab)
{
    // A read finds nothing while no agent is connected.
    private const string Inside = """
        for port in /sys/class/virtio-ports/*; do
            [ "$(cat "$port/name")" = stratiform.worker.0 ] && device=/dev/${port##*/}
        done
        while :; do
            while read -r line; do
                case $line in *'"id":"'*)
                    id=${line#*'"id":"'}
                    echo "{\"id\":\"${id%%\"*}\",\"answer\":{\"answers\":true,\"isSetUp\":true}}" ;;
                esac
            done
            sleep 0.1
        done <>"$device" >&0
        """;

    [Fact]
    public async Task A_program_answers_once_it_runs_and_after_the_agent_was_restarted()
    {
        using var libvirt = new Libvirt(lab.LibvirtUri);
        await using var hypervisor = lab.NewHypervisor(libvirt, lab.NewStateFolder());
        var worker = await StartAsync(hypervisor);
        try
        {
            await using (var early = Workers(hypervisor, TimeSpan.FromSeconds(1)))
                (await early.ReadAsync(worker, default)).Answers.ShouldBeFalse();
            await RunInsideAsync(libvirt, worker);
            for (var agent = 0; agent < 3; agent++)
            {
                await using var workers = Workers(hypervisor, TimeSpan.FromSeconds(20));
                var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => workers.ReadAsync(worker, default)));
                answers.ShouldAllBe(report => report.Answers && report.IsSetUp);
            }
        }
        finally
        {
            await hypervisor.EnsureAbsentAsync(worker, default);
        }
    }

    private VirtioWorkers Workers(IHypervisor hypervisor, TimeSpan limit) =>
        new(hypervisor, lab.ChannelsFolder, TimeProvider.System) { ReadLimit = limit };

    private async Task<Guid> StartAsync(LibvirtHypervisor hypervisor)
    {
        Directory.CreateDirectory($"{lab.ImagesFolder}/worker");
        await File.WriteAllBytesAsync($"{lab.ImagesFolder}/worker/program.squashfs", new byte[4096]);
        var spec = HostLab.SystemVm();
        spec = spec with { Kernel = spec.Kernel! with { Program = "worker" } };
        await hypervisor.EnsureAsync(new DomainPlan(spec, [], []), default);
        return spec.Id;
    }

    private static Task RunInsideAsync(Libvirt libvirt, Guid worker) => HostLab.WaitForAsync(async () =>
    {
        var start = new JsonObject
        {
            ["execute"] = "guest-exec",
            ["arguments"] = new JsonObject { ["path"] = "/bin/sh", ["arg"] = new JsonArray("-c", Inside) },
        };
        try
        {
            await libvirt.AskAgentAsync(worker, start.ToJsonString(), TimeSpan.FromSeconds(5), default);
            return true;
        }
        catch (LibvirtException)
        {
            return false;
        }
    }, "the guest agent");
}
