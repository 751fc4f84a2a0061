using Stratiform.Cli;

return await new Strat(Surroundings.OfProcess()).RunAsync(args, CancellationToken.None);
