namespace Stratiform.Protocol;

/// <summary>Asks a router what has passed it since it booted.</summary>
/// <param name="RouterId">The router's domain.</param>
public sealed record ReadRouterTraffic(Guid RouterId) : IHostMessage<RouterTraffic>;

/// <summary>What has passed a router since it booted.</summary>
public sealed record RouterTraffic
{
    /// <summary>False when the guest agent inside does not answer.</summary>
    public required bool Answers { get; init; }
    /// <summary>Which boot of the router it is: each counts from nothing.</summary>
    public Guid Boot { get; init; }
    /// <summary>By public address: what came from outside to it, and what left with it as sender.</summary>
    public IReadOnlyList<TrafficCount> Addresses { get; init; } = [];
    /// <summary>By the name of the router's card in a guest network: what its guests received by the router, and sent to it.</summary>
    public IReadOnlyList<TrafficCount> Cards { get; init; } = [];
}

/// <summary>What something that is counted has received and sent.</summary>
/// <param name="Name">What it is.</param>
/// <param name="ReceivedBytes">What it received.</param>
/// <param name="SentBytes">What it sent.</param>
public sealed record TrafficCount(string Name, long ReceivedBytes, long SentBytes);

/// <summary>Asks a host what has passed network cards of its domains.</summary>
/// <param name="NicIds">Which cards.</param>
public sealed record ReadNicTraffic(IReadOnlyList<Guid> NicIds) : IHostMessage<NicTraffic>;

/// <summary>What has passed network cards.</summary>
/// <param name="Cards">Those of the cards that are on the host.</param>
public sealed record NicTraffic(IReadOnlyList<NicCount> Cards);

/// <summary>What a network card has received and sent since its domain has it.</summary>
/// <param name="NicId">The card.</param>
/// <param name="Device">The number of its device on the host: another one counts from nothing.</param>
/// <param name="ReceivedBytes">What its guest received.</param>
/// <param name="SentBytes">What its guest sent.</param>
public sealed record NicCount(Guid NicId, int Device, long ReceivedBytes, long SentBytes);
