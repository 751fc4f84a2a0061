using Stratiform.Agent;
using Stratiform.Linux;

Signals.KeepFilesPrivate();
await using var web = AgentServer.Build(AgentConfig.Read(args), TimeProvider.System);
await web.RunAsync();
