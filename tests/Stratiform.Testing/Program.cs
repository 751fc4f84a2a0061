using Stratiform.Management.Database;

// What a server does with its private cluster, as a process that tests can kill: start FOLDER | stop FOLDER.
if (args is not [var verb, var folder]) return 2;
var cluster = new PrivateCluster(folder, new ClusterSettings(Durable: false));
switch (verb)
{
    case "start":
        await Console.Out.WriteLineAsync(await cluster.StartAsync(CancellationToken.None));
        return 0;
    case "stop":
        await cluster.StopAsync(CancellationToken.None);
        return 0;
    default:
        return 2;
}
