using System.Text.Json;
using Stratiform.Protocol;
using Stratiform.SystemVm.Channels;

namespace Stratiform.SystemVm.Tests;

/// <summary>What the agent writes with <see cref="ProtocolJson"/> this program reads, and the other way round.</summary>
public sealed class ChannelJsonTests
{
    private static readonly Guid Thing = Guid.Parse("0192aaaa-0000-7000-8000-000000000001");

    public static TheoryData<object> Messages =>
    [
        new WorkerSetup
        {
            Nics = [new("02:00:00:00:00:01", "192.0.2.7/24", 1500), new("02:00:00:00:00:02", "198.51.100.7/24", 9000, "198.51.100.1")],
            Stores = [new() { StoreId = Thing, Url = "https://s3.example/bucket", AccessKey = "a", SecretKey = "b" }],
            LinkKey = [1, 2, 3],
        },
        new WorkerReport { Answers = true, Sessions = 2, BytesIn = 3, MemoryBytes = 4, Version = "1" },
        new EnsureImage { PoolId = Thing, ImageId = Thing, Source = "http://example/x", Format = ImageFormat.Vmdk, Forbidden = ["192.0.2.0/24"], MaxVirtualSizeBytes = 5 },
        new ImageProgress { State = HostWorkState.Failed, Error = new(HostErrorCode.NotFound, "There is nothing.") },
        new EnsureNoImage(Thing, Thing),
        new Done(),
        new StoreInventory { Space = new(Thing, 1, 2), Objects = [new(Thing, true, 3, DateTimeOffset.UnixEpoch)] },
        new HostError(HostErrorCode.Busy, "Wait."),
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void It_is_that_of_the_protocol(object message)
    {
        var ours = JsonSerializer.Serialize(message, message.GetType(), ChannelJson.Default.Options);
        ours.ShouldBe(JsonSerializer.Serialize(message, message.GetType(), ProtocolJson.Options));
        var read = JsonSerializer.Deserialize(ours, message.GetType(), ChannelJson.Default.Options);
        JsonSerializer.Serialize(read, message.GetType(), ProtocolJson.Options).ShouldBe(ours);
    }
}
