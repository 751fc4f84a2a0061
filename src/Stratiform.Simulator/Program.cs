using Stratiform.Simulator;

await using var cloud = await SimulatedCloud.StartAsync(SimulatorOptions.Parse(args), TimeProvider.System, CancellationToken.None);
await cloud.WaitAsync(CancellationToken.None);
