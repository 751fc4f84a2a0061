using Stratiform.Management.Tests.Api;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Jobs;

public sealed class JobTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    private async Task<Guid> JobAsync(Tenant tenant, Phase phase, Action<WorkflowRow>? more = null)
    {
        var now = cloud.Clock.GetUtcNow();
        var row = new WorkflowRow
        {
            Id = Guid.CreateVersion7(),
            Kind = "Test",
            State = "{}",
            Step = "First",
            Phase = phase,
            Command = "probeJob",
            UserId = tenant.User.Id.Value,
            AccountId = tenant.Account.Id.Value,
            DomainId = tenant.Domain.Id.Value,
            InstanceKind = "User",
            InstanceId = tenant.User.Id.Value,
            CreatedAt = now,
            EndedAt = phase is Phase.Succeeded or Phase.Failed ? now : null,
        };
        more?.Invoke(row);
        await using var db = cloud.Open();
        db.Add(row);
        await db.SaveChangesAsync();
        return row.Id;
    }

    private async Task<Reply> QueryAsync(Tenant tenant, Guid job) => await cloud.AsAsync(tenant.Keys, "queryAsyncJobResult", ("jobid", job.ToString()));

    [Fact]
    public async Task A_running_job_has_status_0_and_no_result()
    {
        var tenant = await cloud.TenantAsync("waiting");
        foreach (var phase in new[] { Phase.Forward, Phase.Undoing })
        {
            var body = (await QueryAsync(tenant, await JobAsync(tenant, phase))).ShouldBe(200).Body;
            body["jobstatus"]!.GetValue<int>().ShouldBe(0);
            body["jobresultcode"]!.GetValue<int>().ShouldBe(0);
            body["jobprocstatus"]!.GetValue<int>().ShouldBe(0);
            body["jobpercent"]!.GetValue<int>().ShouldBe(0);
            body.ContainsKey("jobresult").ShouldBeFalse();
            body.ContainsKey("jobresulttype").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_job_that_succeeded_shows_its_entity_with_what_the_workflow_adds()
    {
        var tenant = await cloud.TenantAsync("served");
        var job = await JobAsync(tenant, Phase.Succeeded, row => row.Result = "{\"password\":\"once\"}");
        var reply = (await QueryAsync(tenant, job)).ShouldBe(200);
        reply.Envelope.ShouldBe("queryasyncjobresultresponse");
        reply.Body["jobstatus"]!.GetValue<int>().ShouldBe(1);
        reply.Body["jobresulttype"]!.GetValue<string>().ShouldBe("object");
        reply.Body["jobresult"]!["user"]!["username"]!.GetValue<string>().ShouldBe("served");
        reply.Body["jobresult"]!["user"]!["password"]!.GetValue<string>().ShouldBe("once");
        reply.Body["jobinstanceid"]!.GetValue<string>().ShouldBe(tenant.User.Id.ToString());
        reply.Body["domainpath"]!.GetValue<string>().ShouldBe("ROOT/served");
        reply.Body["cmd"]!.GetValue<string>().ShouldBe("probeJob");
    }

    [Fact]
    public async Task A_job_whose_entity_is_gone_still_has_a_result()
    {
        var tenant = await cloud.TenantAsync("emptied");
        var job = await JobAsync(tenant, Phase.Succeeded, row => row.InstanceId = Guid.CreateVersion7());
        (await QueryAsync(tenant, job)).Body["jobresult"]!.ToJsonString().ShouldBe("{\"success\":true}");
    }

    [Theory]
    [InlineData(Phase.Failed)]
    [InlineData(Phase.Stuck)]
    public async Task A_job_that_failed_shows_its_error(Phase phase)
    {
        var tenant = await cloud.TenantAsync("failed" + phase);
        var job = await JobAsync(tenant, phase, row => (row.ErrorCode, row.ErrorText) = (533, "No host has room."));
        var body = (await QueryAsync(tenant, job)).Body;
        body["jobstatus"]!.GetValue<int>().ShouldBe(2);
        body["jobresultcode"]!.GetValue<int>().ShouldBe(533);
        body["jobresult"]!.ToJsonString().ShouldBe("{\"errorcode\":533,\"errortext\":\"No host has room.\"}");
    }

    [Fact]
    public async Task A_job_exists_for_whom_it_concerns()
    {
        var top = await cloud.TenantAsync("jobtop", Management.Api.AllowedTo.DomainAdmin);
        var below = await cloud.TenantAsync("jobbelow", parent: top.Domain);
        var aside = await cloud.TenantAsync("jobaside");
        var job = await JobAsync(below, Phase.Forward);
        (await QueryAsync(top, job)).ShouldBe(200);
        (await QueryAsync(aside, job)).ShouldBe(431).ErrorText!.ShouldContain($"Invalid parameter jobid value={job} due to");
        (await cloud.AsAsync(top.Keys, "listAsyncJobs")).Text.ShouldBe("{\"listasyncjobsresponse\":{}}");
        foreach (var more in new[] { ("listall", "true"), ("domainid", below.Domain.Id.ToString()) })
            (await cloud.AsAsync(top.Keys, "listAsyncJobs", more)).Body["asyncjobs"]!.AsArray().Single()!["jobid"]!.GetValue<string>().ShouldBe(job.ToString());
        (await cloud.AsAsync(top.Keys, "listAsyncJobs", ("account", "jobbelow"), ("domainid", below.Domain.Id.ToString())))
            .Body["count"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task The_newest_job_of_a_thing_is_found_by_the_thing()
    {
        var tenant = await cloud.TenantAsync("busy");
        await JobAsync(tenant, Phase.Succeeded, row => row.CreatedAt = cloud.Clock.GetUtcNow().AddMinutes(-1));
        var newest = await JobAsync(tenant, Phase.Forward);
        (await cloud.AsAsync(tenant.Keys, "queryAsyncJobResult", ("resourceid", tenant.User.Id.ToString()), ("resourcetype", "User")))
            .ShouldBe(200).Body["jobid"]!.GetValue<string>().ShouldBe(newest.ToString());
        (await cloud.AsAsync(tenant.Keys, "queryAsyncJobResult")).ShouldBe(431);
    }

    [Fact]
    public async Task What_nobody_asked_for_is_nobodys_job()
    {
        var tenant = await cloud.TenantAsync("unasked");
        var job = await JobAsync(tenant, Phase.Forward, row => row.Command = "");
        (await cloud.AsAdminAsync("queryAsyncJobResult", ("jobid", job.ToString()))).ShouldBe(431);
    }
}
