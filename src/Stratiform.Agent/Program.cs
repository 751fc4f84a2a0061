using Stratiform.Agent;
using Stratiform.Agent.Enrolling;
using Stratiform.Linux;

Signals.KeepFilesPrivate();
if (args is ["join", .. var rest]) return await JoinCommand.RunAsync(AgentConfig.Read(rest), Console.Out, Console.Error);
await using var web = AgentServer.Build(AgentConfig.Read(args), TimeProvider.System);
await web.RunAsync();
return 0;
