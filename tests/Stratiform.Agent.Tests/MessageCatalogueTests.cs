using Stratiform.Agent.Serving;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests;

public sealed class MessageCatalogueTests
{
    [Fact]
    public void Every_message_of_the_protocol_is_obeyed_and_fenced_by_its_type()
    {
        var messages = typeof(IHostMessage<>).Assembly.GetTypes().Where(type => !type.IsInterface && type.GetInterfaces().Any(IsMessage));
        foreach (var message in messages)
        {
            MessageTable.All.ShouldContainKey(message.Name);
            var fenced = message.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnsure<>));
            MessageTable.All[message.Name].IsFenced.ShouldBe(fenced, message.Name);
        }
    }

    private static bool IsMessage(Type face) => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IHostMessage<>);
}
