using Stratiform.Linux;

namespace Stratiform.Agent.Tests.Storage;

public sealed class AllocatedSpaceTests
{
    [Fact]
    public void Holes_take_nothing()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.OpenWrite(path))
            {
                file.SetLength(1 << 20);
                file.Position = 1 << 19;
                file.Write(new byte[4096].AsSpan());
                file.Flush(flushToDisk: true);
            }
            AllocatedSpace.Of(path).ShouldBeInRange(4096, 1 << 18);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_is_not_there_is_said() =>
        Should.Throw<FileNotFoundException>(() => AllocatedSpace.Of("/nowhere/at-all")).FileName.ShouldBe("/nowhere/at-all");
}
