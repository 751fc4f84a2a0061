using Stratiform.Protocol;

namespace Stratiform.Agent.Storage;

/// <summary>What the process that sends a volume is told, in a file: the signature is a secret, which a command line would show.</summary>
/// <param name="Volume">The volume's file.</param>
/// <param name="Part">The image that is made of it and sent; nothing is left of it in the end.</param>
/// <param name="To">Where to, and by which right.</param>
internal sealed record SendOrder(string Volume, string Part, EnsureVolumeSent To);
