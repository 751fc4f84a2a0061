using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Jobs;

/// <summary>What an operator does when an undo keeps failing.</summary>
public sealed class StuckWorkflowTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private async Task<(string Id, string Subject)> StuckAsync(string step)
    {
        var now = TimeProvider.System.GetUtcNow();
        var about = Id.New<Host>().Value;
        var row = new WorkflowRow
        {
            Id = Id.New<WorkflowRow>().Value,
            Kind = nameof(StartVm),
            Version = 1,
            Subjects = [$"VirtualMachine/{about}"],
            State = $$"""{"vmId":{"value":"{{about}}"} }""",
            Step = step,
            Phase = Phase.Stuck,
            Admitted = true,
            Attempt = 10,
            ErrorCode = 530,
            ErrorText = "Undoing failed",
            Command = "startVirtualMachine",
            InstanceKind = "VirtualMachine",
            InstanceId = about,
            Due = now,
            CreatedAt = now,
        };
        await using var db = cloud.Open();
        db.Add(row);
        db.Add(new WorkflowSubject { WorkflowId = row.Id, Subject = row.Subjects[0], ArrivedAt = now, Held = true });
        await db.SaveChangesAsync();
        return (row.Id.ToString(), row.Subjects[0]);
    }

    private Task<JsonObject> ShownAsync(string id) => cloud.ShapeAsync("workflow", "listWorkflows", ("id", id));

    [Fact]
    public async Task A_stuck_workflow_is_listed_with_what_an_operator_needs_and_given_up()
    {
        var (id, subject) = await StuckAsync("CreateVolumes");
        var shown = await cloud.ShapeAsync("workflow", "listWorkflows", ("phase", "Stuck"), ("subject", subject));
        shown["kind"]!.GetValue<string>().ShouldBe("StartVm");
        shown["step"]!.GetValue<string>().ShouldBe("CreateVolumes");
        shown["progress"]!.GetValue<string>().ShouldContain(": CreateVolumes");
        shown["attempts"]!.GetValue<int>().ShouldBe(10);
        shown["subjects"]!.AsArray().Single()!.GetValue<string>().ShouldBe(subject);
        shown["errortext"]!.GetValue<string>().ShouldBe("Undoing failed");

        (await cloud.ShapeAsync("workflow", "giveUpWorkflow", ("id", id)))["phase"]!.GetValue<string>().ShouldBe("Failed");
        await using var db = cloud.Open();
        (await db.Set<WorkflowSubject>().AnyAsync(s => s.Subject == subject)).ShouldBeFalse();
        (await cloud.CallAsync("giveUpWorkflow", ("id", id))).ShouldBe(431).ErrorText!.ShouldContain("is Failed");
        (await cloud.CallAsync("retryWorkflow", ("id", Id.New<Host>().ToString()))).ShouldBe(431);
    }

    [Fact]
    public async Task A_retried_undo_goes_on_to_its_end_and_frees_its_subjects()
    {
        var (id, subject) = await StuckAsync("MarkStarting");
        await cloud.ShapeAsync("workflow", "retryWorkflow", ("id", id));
        for (var i = 0; i < 2000 && (await ShownAsync(id))["phase"]!.GetValue<string>() != "Failed"; i++) await Task.Delay(50);
        var shown = await ShownAsync(id);
        shown["phase"]!.GetValue<string>().ShouldBe("Failed");
        shown["errortext"]!.GetValue<string>().ShouldBe("Undoing failed");
        await using var db = cloud.Open();
        (await db.Set<WorkflowSubject>().AnyAsync(s => s.Subject == subject)).ShouldBeFalse();
        (await cloud.CallAsync("retryWorkflow", ("id", id))).ShouldBe(431).ErrorText!.ShouldContain("is Failed");
    }

    [Fact]
    public async Task Skipping_the_first_undo_ends_the_workflow()
    {
        var (id, _) = await StuckAsync("MarkStarting");
        (await cloud.ShapeAsync("workflow", "skipWorkflowStep", ("id", id)))["phase"]!.GetValue<string>().ShouldBe("Failed");
    }

    [Fact]
    public async Task Skipping_goes_on_with_the_undo_before()
    {
        var (id, _) = await StuckAsync("ChooseHost");
        var shown = await cloud.ShapeAsync("workflow", "skipWorkflowStep", ("id", id));
        shown["step"]!.GetValue<string>().ShouldBe("MarkStarting");
        shown["attempts"]!.GetValue<int>().ShouldBe(0);
        await EndAsync(id);
    }

    [Fact]
    public async Task Tenants_have_no_say_in_workflows()
    {
        var tenant = await cloud.TenantAsync("helpless");
        foreach (var command in new[] { "listWorkflows", "retryWorkflow", "skipWorkflowStep", "giveUpWorkflow", "auditCloud", "removeLeak" })
            (await cloud.AsAsync(tenant.Keys, command, ("id", Id.New<Host>().ToString()))).Status.ShouldBe(401, command);
    }

    // Its virtual machine never was: the engine's undo fails until somebody gives it up.
    private async Task EndAsync(string id)
    {
        await using var db = cloud.Open();
        var row = Guid.Parse(id);
        await db.Set<WorkflowRow>().Where(w => w.Id == row).ExecuteUpdateAsync(set => set.SetProperty(w => w.CancelReason, "the test is over").SetProperty(w => w.Phase, Phase.Stuck));
        (await ShownAsync(id))["kind"]!.GetValue<string>().ShouldBe("StartVm");
    }
}
