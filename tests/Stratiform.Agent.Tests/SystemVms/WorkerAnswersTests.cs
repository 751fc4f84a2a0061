using System.Text.Json;
using Stratiform.Agent.SystemVms;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.SystemVms;

public sealed class WorkerAnswersTests
{
    private static readonly Guid Store = Guid.CreateVersion7();

    [Theory]
    [InlineData("""{"state":"Running","percent":170}""")]
    [InlineData("""{"state":"Failed"}""")]
    [InlineData("""{"state":"Done","error":{"code":"Busy","text":"x"}}""")]
    [InlineData("""{"state":77}""")]
    [InlineData("""{"state":"Failed","error":{"code":99,"text":"x"}}""")]
    [InlineData("""{"state":"Failed","error":{"code":"Busy","text":null}}""")]
    [InlineData("""{"state":"Done","virtualSizeBytes":-1}""")]
    [InlineData("""{"state":"Done","virtualSizeBytes":1e400}""")]
    [InlineData("""{"state":"Done","checksum":null}""")]
    [InlineData("""{"state":"Done","checksum":"xyz"}""")]
    [InlineData("""{"state":"Done","checksum":"\ud800"}""")]
    [InlineData("""{"percent":7}""")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    public void A_progress_that_cannot_be_is_a_failure(string answer) =>
        ShouldFail(() => WorkerAnswers.Read<ImageProgress>(Line(answer), WorkerAnswers.Check));

    [Theory]
    [InlineData("""{"space":null,"objects":[]}""")]
    [InlineData("""{"space":{"poolId":"%","capacityBytes":9,"usedBytes":5},"objects":null}""")]
    [InlineData("""{"space":{"poolId":"%","capacityBytes":9,"usedBytes":5},"objects":[null]}""")]
    [InlineData("""{"space":{"poolId":"%","capacityBytes":9,"usedBytes":-5},"objects":[]}""")]
    public void An_inventory_with_holes_is_a_failure(string answer) =>
        ShouldFail(() => WorkerAnswers.Read<StoreInventory>(Line(answer), inventory => WorkerAnswers.Check(inventory, Store)));

    [Fact]
    public void A_report_that_cannot_be_is_a_failure()
    {
        ShouldFail(() => WorkerAnswers.Read<WorkerReport>(Line("""{"answers":true,"sessions":-1}"""), WorkerAnswers.Check));
        ShouldFail(() => WorkerAnswers.Read<WorkerReport>(Line("""{"answers":true,"version":null}"""), WorkerAnswers.Check));
        var report = WorkerAnswers.Read<WorkerReport>(Line("""{"answers":false,"version":"1\u00072"}"""), WorkerAnswers.Check);
        (report.Answers, report.Version).ShouldBe((true, "1 2"), "who says so answers");
    }

    [Fact]
    public void Why_a_copy_failed_is_one_line_of_a_code_that_workers_have()
    {
        var answer = $$$"""{"state":"Failed","error":{"code":"StaleFence","text":"a\n{{{new string('b', 5000)}}}"}}""";
        var error = WorkerAnswers.Read<ImageProgress>(Line(answer), WorkerAnswers.Check).Error!;
        error.Code.ShouldBe(HostErrorCode.Failed);
        error.Text.ShouldStartWith("a bbb");
        error.Text.Length.ShouldBe(1000);
    }

    private static JsonElement Line(string answer) => JsonElement.Parse(
        """{"id":"x","answer":""" + answer.Replace("%", $"{Store}", StringComparison.Ordinal) + "}");

    private static void ShouldFail(Action read) => Should.Throw<HostException>(read).Code.ShouldBe(HostErrorCode.Failed);
}
