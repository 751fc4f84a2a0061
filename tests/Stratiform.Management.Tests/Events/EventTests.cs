using Stratiform.Management.Events;
using Stratiform.Management.Tests.Api;

namespace Stratiform.Management.Tests.Events;

public sealed class EventTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    private static readonly EventType _type = new("VM.TEST");

    private async Task<Tenant> WithEventsAsync(string name, int count)
    {
        var tenant = await cloud.TenantAsync(name);
        await using var db = cloud.Open();
        for (var i = 0; i < count; i++)
        {
            var moment = cloud.Clock.GetUtcNow().AddDays(i);
            db.Add(new Event(_type, $"Event {i} of {name}", tenant.User.Id, tenant.Account.Id, tenant.Domain.Id, moment)
            {
                Level = i == 0 ? EventLevel.Error : EventLevel.Info,
                ResourceKind = "VirtualMachine",
                ResourceId = tenant.User.Id.Value,
                ResourceName = "vm",
            });
        }
        await db.SaveChangesAsync();
        return tenant;
    }

    private static string[] Texts(Reply reply) =>
        [.. (reply.ShouldBe(200).Body["event"]?.AsArray() ?? []).Select(e => e!["description"]!.GetValue<string>())];

    [Fact]
    public async Task Events_are_listed_newest_first_to_whom_they_concern()
    {
        var tenant = await WithEventsAsync("storied", 3);
        var other = await WithEventsAsync("quiet", 1);
        Texts(await cloud.AsAsync(tenant.Keys, "listEvents")).ShouldBe(["Event 2 of storied", "Event 1 of storied", "Event 0 of storied"]);
        Texts(await cloud.AsAsync(other.Keys, "listEvents", ("listall", "true"))).ShouldBe(["Event 0 of quiet"]);
        Texts(await cloud.AsAdminAsync("listEvents", ("listall", "true"), ("keyword", "OF STORIED"))).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Events_are_filtered_by_what_they_carry()
    {
        var keys = (await WithEventsAsync("filtered", 3)).Keys;
        Texts(await cloud.AsAsync(keys, "listEvents", ("level", "ERROR"))).ShouldBe(["Event 0 of filtered"]);
        Texts(await cloud.AsAsync(keys, "listEvents", ("startdate", "2030-01-02"), ("enddate", "2030-01-02"))).ShouldBe(["Event 1 of filtered"]);
        Texts(await cloud.AsAsync(keys, "listEvents", ("type", "VM.TEST"))).Length.ShouldBe(3);
        Texts(await cloud.AsAsync(keys, "listEvents", ("resourcetype", "Volume"))).ShouldBe([]);
        Texts(await cloud.AsAsync(keys, "listEvents", ("archived", "true"))).ShouldBe([]);
    }

    [Fact]
    public async Task A_login_is_recorded_for_its_user()
    {
        var tenant = await cloud.TenantAsync("recorded");
        await cloud.PostAsync(
            ("command", "login"), ("username", "recorded"), ("password", TestCloud.Password), ("domain", "recorded"), ("response", "json"));
        var happened = (await cloud.AsAsync(tenant.Keys, "listEvents")).ShouldBe(200).Body["event"]![0]!;
        happened["type"]!.GetValue<string>().ShouldBe("USER.LOGIN");
        happened["resourceid"]!.GetValue<string>().ShouldBe(tenant.User.Id.ToString());
        happened["domainpath"]!.GetValue<string>().ShouldBe("ROOT/recorded");
    }

    [Fact]
    public async Task A_refused_login_records_nothing()
    {
        var tenant = await cloud.TenantAsync("unrecorded");
        await cloud.PostAsync(("command", "login"), ("username", "unrecorded"), ("password", "x"), ("domain", "unrecorded"), ("response", "json"));
        (await cloud.AsAsync(tenant.Keys, "listEvents")).Text.ShouldBe("{\"listeventsresponse\":{}}");
    }

    [Fact]
    public async Task The_kinds_of_events_are_listed() =>
        (await cloud.AsAdminAsync("listEventTypes")).ShouldBe(200).Body["eventtype"]!.AsArray()
            .Select(t => t!["name"]!.GetValue<string>()).ShouldContain("CONFIGURATION.VALUE.EDIT");
}
