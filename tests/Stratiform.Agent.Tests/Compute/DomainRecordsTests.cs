using Stratiform.Agent.Compute;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.Compute;

public sealed class DomainRecordsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("records-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Who_sees_the_end_of_a_domain_may_be_many_at_once()
    {
        var records = Open();
        for (var round = 0; round < 50; round++)
        {
            var record = new DomainRecord("boot", Spec());
            records.Keep(record);
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => records.Conclude(record, PowerState.ShutOff))));
            Open().Find(record.Spec.Id)!.Ending.ShouldBe(PowerState.ShutOff);
        }
    }

    [Fact]
    public void The_end_of_a_domain_that_is_forgotten_is_not_remembered()
    {
        var records = Open();
        var record = new DomainRecord("boot", Spec());
        records.Keep(record);
        records.Forget(record.Spec.Id);
        records.Conclude(record, PowerState.Crashed);
        records.All.ShouldBeEmpty();
        Open().All.ShouldBeEmpty();
    }

    private static DomainSpec Spec() => new() { Id = Guid.CreateVersion7(), Name = "guest", Vcpus = 1, CpuMhz = 500, MemoryMib = 128 };

    private DomainRecords Open() => new(_folder.FullName, "boot");
}
