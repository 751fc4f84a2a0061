using Stratiform.Agent.Serving;

namespace Stratiform.Agent.Enrolling;

/// <summary>
/// <c>Stratiform.Agent join --config FILE</c>: prints the token with which a cloud enrols this host, whether the agent runs or not.
/// </summary>
internal static class JoinCommand
{
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(AgentConfig config, TextWriter output, TextWriter errors)
    {
        if (!ListenAddress.Parse(config.Listen).IsSecure)
        {
            await errors.WriteLineAsync(
                $"The agent listens at {config.Listen}, where addHost needs no token. A token is for https://address:port.");
            return 1;
        }
        var folder = new IdentityFolder(config.State);
        if (folder.ReadCertificates() is var (_, authority))
        {
            await errors.WriteLineAsync(
                $"This host belongs to {authority.Subject} already, whose addHost needs no token. To give it to another cloud remove it "
                + $"from that one, stop the agent, delete {folder.Path}, start the agent and ask again.");
            return 1;
        }
        await output.WriteLineAsync(folder.ReadOrDrawToken().Reveal());
        return 0;
    }
}
