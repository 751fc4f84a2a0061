using Stratiform.Agent;
using Stratiform.Agent.Enrolling;
using Stratiform.Agent.Storage;
using Stratiform.Linux;

Signals.KeepFilesPrivate();
if (args is ["join", .. var rest]) return await JoinCommand.RunAsync(AgentConfig.Read(rest), Console.Out, Console.Error);
if (args is ["fetch", var order]) return await FetchCommand.RunAsync(order, Console.Error, CancellationToken.None);
if (args is ["send", var volume]) return await SendCommand.RunAsync(volume, Console.Error, CancellationToken.None);
await using var web = AgentServer.Build(AgentConfig.Read(args), TimeProvider.System);
await web.RunAsync();
return 0;
