using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Compute;

/// <summary>User data, tags, offerings, capacity, addresses: what stands around virtual machines.</summary>
public sealed class SmallThingsTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task User_data_is_registered_listed_used_and_deleted()
    {
        var made = await cloud.ShapeAsync("userdata", "registerUserData", ("name", "init"), ("userdata", "I2Nsb3Vk"));
        var id = made["id"]!.GetValue<string>();
        (await cloud.CallAsync("registerUserData", ("name", "init"), ("userdata", "I2Nsb3Vk"))).ShouldBe(431).ErrorText!.ShouldContain("exists already");
        (await cloud.CallAsync("registerUserData", ("name", "bad"), ("userdata", "%%%"))).ShouldBe(431).ErrorText!.ShouldContain("base64");
        (await cloud.ShapeAsync("userdata", "listUserData", ("name", "init")))["userdata"]!.GetValue<string>().ShouldBe("I2Nsb3Vk");
        var vm = await cloud.DeployAsync(await cloud.NetworkAsync("data"), "data", ("userdataid", id));
        (await cloud.CallAsync("deleteUserData", ("id", id))).ShouldBe(200);
        (await cloud.CallAsync("listUserData", ("id", id))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.JobAsync("destroyVirtualMachine", ("id", vm["id"]!.GetValue<string>()), ("expunge", "true"));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Tags_are_attached_found_and_taken_off()
    {
        var network = await cloud.NetworkAsync("tagged");
        (string, string)[] thing = [("resourcetype", "Network"), ("resourceids", network)];
        (await cloud.JobAsync("createTags", [.. thing, ("tags[0].key", "team"), ("tags[0].value", "red"), ("tags[1].key", "env"), ("tags[1].value", "test")]))
            ["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("createTags", [.. thing, ("tags[0].key", "team"), ("tags[0].value", "blue")])).ShouldBe(431).ErrorText!.ShouldContain("already");
        (await cloud.ShapeAsync("network", "listNetworks", ("tags[0].key", "team"), ("tags[0].value", "red")))["id"]!.GetValue<string>().ShouldBe(network);
        var tag = await cloud.ShapeAsync("tag", "listTags", ("resourceid", network), ("key", "env"));
        tag["value"]!.GetValue<string>().ShouldBe("test");
        tag["resourcetype"]!.GetValue<string>().ShouldBe("Network");
        var stranger = await cloud.TenantAsync("untagged");
        (await cloud.AsAsync(stranger.Keys, "createTags", [.. thing, ("tags[0].key", "x"), ("tags[0].value", "y")])).ShouldBe(431);
        (await cloud.AsAsync(stranger.Keys, "listTags", ("resourceid", network))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.JobAsync("deleteTags", [.. thing, ("tags[0].key", "team")]);
        (await cloud.ShapeAsync("tag", "listTags", ("resourceid", network)))["key"]!.GetValue<string>().ShouldBe("env");
        (await cloud.CallAsync("createTags", ("resourcetype", "Moon"), ("resourceids", network), ("tags[0].key", "x"), ("tags[0].value", "y"))).ShouldBe(431);
    }

    [Fact]
    public async Task Cards_are_listed_of_a_virtual_machine_in_reach()
    {
        var network = await cloud.NetworkAsync("carded");
        var vm = await cloud.DeployAsync(network, "carded", ("startvm", "false"));
        var id = vm["id"]!.GetValue<string>();
        var nic = await cloud.ShapeAsync("nic", "listNics", ("virtualmachineid", id));
        nic["networkid"]!.GetValue<string>().ShouldBe(network);
        nic["virtualmachineid"]!.GetValue<string>().ShouldBe(id);
        nic["id"]!.GetValue<string>().ShouldBe(vm["nic"]![0]!["id"]!.GetValue<string>());
        (await cloud.CallAsync("listNics", ("virtualmachineid", id), ("networkid", cloud.Zone))).ShouldBe(200).Body.Count.ShouldBe(0);
        var stranger = await cloud.TenantAsync("uncarded");
        (await cloud.AsAsync(stranger.Keys, "listNics", ("virtualmachineid", id))).ShouldBe(431);
        await cloud.JobAsync("destroyVirtualMachine", ("id", id), ("expunge", "true"));
    }

    [Fact]
    public async Task Rows_name_the_job_under_way_and_what_runs_them()
    {
        var network = await cloud.NetworkAsync("waited");
        var vm = (await cloud.DeployAsync(network, "waited", ("startvm", "false")))["id"]!.GetValue<string>();
        (await cloud.ShapeAsync("virtualmachine", "listVirtualMachines", ("id", vm)))["jobid"].ShouldBeNull();
        var (about, job) = (Guid.Parse(vm), Id.New<WorkflowRow>().Value);
        await using (var db = cloud.Open())
        {
            db.Add(new WorkflowRow
            {
                Id = job,
                Kind = "StartVm",
                State = "{}",
                Step = "MarkStarting",
                Phase = Phase.Stuck,
                Admitted = true,
                Command = "startVirtualMachine",
                InstanceKind = "VirtualMachine",
                InstanceId = about,
            });
            await db.SaveChangesAsync();
            var row = await cloud.ShapeAsync("virtualmachine", "listVirtualMachines", ("id", vm));
            (row["jobid"]!.GetValue<Guid>(), row["jobstatus"]!.GetValue<int>()).ShouldBe((job, 0));
            await db.Set<WorkflowRow>().Where(w => w.Id == job).ExecuteDeleteAsync();
        }
        (await cloud.ShapeAsync("virtualmachine", "listVirtualMachines", ("id", vm)))["hypervisor"]!.GetValue<string>().ShouldBe("Simulator");
        (await cloud.ShapeAsync("template", "listTemplates", ("templatefilter", "all"), ("id", cloud.Template)))["hypervisor"]!.GetValue<string>().ShouldBe("Simulator");
        (await cloud.CallAsync("listTemplates", ("templatefilter", "all"), ("hypervisor", "KVM"))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.JobAsync("destroyVirtualMachine", ("id", vm), ("expunge", "true"));
    }

    [Fact]
    public async Task What_is_renamed_is_listed_by_its_new_name_and_a_stranger_renames_nothing()
    {
        var stranger = await cloud.TenantAsync("renamer");
        var network = await cloud.NetworkAsync("old-net");
        var vm = (await cloud.DeployAsync(network, "old", ("startvm", "false")))["id"]!.GetValue<string>();
        foreach (var (command, id) in new[] { ("updateNetwork", network), ("updateVirtualMachine", vm), ("updateTemplate", cloud.Template) })
            (await cloud.AsAsync(stranger.Keys, command, ("id", id), ("name", "mine"))).ShouldBe(431);
        (await cloud.DoneAsync("network", "updateNetwork", ("id", network), ("name", "new-net")))["name"]!.GetValue<string>().ShouldBe("new-net");
        (await cloud.ShapeAsync("virtualmachine", "updateVirtualMachine", ("id", vm), ("displayname", "new")))["displayname"]!.GetValue<string>().ShouldBe("new");
        (await cloud.ShapeAsync("template", "updateTemplate", ("id", cloud.Template), ("displaytext", "smallest")))["displaytext"]!.GetValue<string>().ShouldBe("smallest");
        await cloud.JobAsync("destroyVirtualMachine", ("id", vm), ("expunge", "true"));
    }

    [Fact]
    public async Task Offerings_and_keys_are_taken_off_their_lists()
    {
        var disk = (await cloud.ShapeAsync("diskoffering", "createDiskOffering", ("name", "gone"), ("disksize", "1")))["id"]!.GetValue<string>();
        (await cloud.CallAsync("deleteDiskOffering", ("id", disk))).ShouldBe(200);
        (await cloud.CallAsync("listDiskOfferings", ("id", disk))).ShouldBe(200).Body.Count.ShouldBe(0);
        var kind = (await cloud.ShapeAsync("networkoffering", "createNetworkOffering", ("name", "gone"), ("displaytext", "x"), ("traffictype", "Guest"), ("guestiptype", "Isolated")))["id"]!.GetValue<string>();
        (await cloud.CallAsync("deleteNetworkOffering", ("id", kind))).ShouldBe(200);
        (await cloud.CallAsync("listNetworkOfferings", ("id", kind))).ShouldBe(200).Body.Count.ShouldBe(0);
        const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl nobody";
        var pair = await cloud.ShapeAsync("keypair", "registerSSHKeyPair", ("name", "mine"), ("publickey", Key));
        pair["name"]!.GetValue<string>().ShouldBe("mine");
        (await cloud.CallAsync("registerSSHKeyPair", ("name", "bad"), ("publickey", "not a key"))).ShouldBe(431);
        var stranger = await cloud.TenantAsync("keyless");
        (await cloud.AsAsync(stranger.Keys, "deleteSSHKeyPair", ("name", "mine"))).ShouldBe(431);
        (await cloud.CallAsync("deleteSSHKeyPair", ("name", "mine"))).ShouldBe(200);
        (await cloud.CallAsync("listSSHKeyPairs", ("name", "mine"))).ShouldBe(200).Body.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Capacity_counts_what_a_running_guest_takes()
    {
        var vm = await cloud.DeployAsync(await cloud.NetworkAsync("counted"), "counted");
        var rows = (await cloud.CallAsync("listCapacity", ("zoneid", cloud.Zone))).ShouldBe(200).Body["capacity"]!.AsArray();
        rows.Select(r => r!["type"]!.GetValue<int>()).ShouldBe([0, 1, 2, 3, 4, 6, 7]);
        rows[0]!["capacityused"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(512L << 20);
        rows[3]!["capacityused"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(2L << 30);
        rows[4]!["capacitytotal"]!.GetValue<long>().ShouldBe(51);
        var ip = (await cloud.CallAsync("listPublicIpAddresses", ("issourcenat", "true"))).ShouldBe(200).Body["publicipaddress"]![0]!;
        ip["ipaddress"]!.GetValue<string>().ShouldStartWith("203.0.113.");
        ip["state"]!.GetValue<string>().ShouldBe("Allocated");
        await cloud.JobAsync("destroyVirtualMachine", ("id", vm["id"]!.GetValue<string>()), ("expunge", "true"));
    }

    [Fact]
    public async Task What_is_in_use_is_not_deleted_and_says_what_is_in_the_way()
    {
        var pod = (await cloud.ShapeAsync("pod", "listPods"))["id"]!.GetValue<string>();
        (await cloud.CallAsync("deletePod", ("id", pod))).ShouldBe(536).ErrorText!.ShouldContain("has 1 cluster;");
        var cluster = (await cloud.ShapeAsync("cluster", "listClusters"))["id"]!.GetValue<string>();
        (await cloud.CallAsync("deleteCluster", ("id", cluster))).ShouldBe(536).ErrorText!.ShouldContain("has 10 hosts");
        (await cloud.CallAsync("deleteNetworkOffering", ("id", cloud.NetworkOffering))).ShouldBe(431).ErrorText!.ShouldContain("disable it first");
        var offering = await cloud.ShapeAsync("serviceoffering", "createServiceOffering", ("name", "brief"), ("displaytext", "x"), ("cpunumber", "1"), ("cpuspeed", "100"), ("memory", "64"));
        var id = offering["id"]!.GetValue<string>();
        (await cloud.ShapeAsync("serviceoffering", "updateServiceOffering", ("id", id), ("displaytext", "y")))["displaytext"]!.GetValue<string>().ShouldBe("y");
        (await cloud.CallAsync("deleteServiceOffering", ("id", id))).ShouldBe(200);
        (await cloud.CallAsync("listServiceOfferings", ("id", id))).ShouldBe(200).Body.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_disabled_host_takes_no_guests()
    {
        var host = (await cloud.CallAsync("listHosts")).ShouldBe(200).Body["host"]![0]!["id"]!.GetValue<string>();
        (await cloud.ShapeAsync("host", "updateHost", ("id", host), ("allocationstate", "Disable"), ("hosttags", "odd")))["resourcestate"]!.GetValue<string>().ShouldBe("Disabled");
        var job = await cloud.JobAsync(
            "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small),
            ("networkids", await cloud.NetworkAsync("nowhere")), ("name", "nowhere"), ("hostid", host));
        job["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("1 are disabled");
        (await cloud.ShapeAsync("host", "updateHost", ("id", host), ("allocationstate", "Enable"), ("hosttags", "")))["resourcestate"]!.GetValue<string>().ShouldBe("Enabled");
        await cloud.JobAsync("destroyVirtualMachine", ("id", job["jobinstanceid"]!.GetValue<string>()), ("expunge", "true"));
    }

    [Fact]
    public async Task A_job_leaves_events_of_its_beginning_and_end()
    {
        var vm = (await cloud.DeployAsync(await cloud.NetworkAsync("told"), "told"))["id"]!.GetValue<string>();
        var told = (await cloud.CallAsync("listEvents", ("resourceid", vm))).ShouldBe(200).Body["event"]!.AsArray();
        told.Select(e => (e!["type"]!.GetValue<string>(), e["state"]!.GetValue<string>()))
            .ShouldBe([("VM.CREATE", "Completed"), ("VM.CREATE", "Started"), ("VM.CREATE", "Scheduled")]);
        told[0]!["parentid"]!.GetValue<string>().ShouldBe(told[2]!["id"]!.GetValue<string>());
        told[2]!["resourcename"]!.GetValue<string>().ShouldBe("told");
        await cloud.JobAsync("destroyVirtualMachine", ("id", vm), ("expunge", "true"));
    }
}
