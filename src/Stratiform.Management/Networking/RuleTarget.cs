namespace Stratiform.Management.Networking;

/// <summary>Where forwarded ports lead.</summary>
/// <param name="To">The card's address.</param>
/// <param name="StartPort">Its first port.</param>
/// <param name="EndPort">Its last port.</param>
public sealed record RuleTarget(CardAddress To, int StartPort, int EndPort);
