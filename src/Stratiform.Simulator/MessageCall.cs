namespace Stratiform.Simulator;

/// <summary>A message on its way to a simulated host.</summary>
/// <param name="Host">The host.</param>
/// <param name="Message">The message's name; <c>watch</c> for the stream.</param>
public readonly record struct MessageCall(SimulatedHost Host, string Message);
