using System.CommandLine;
using Stratiform.Benchmarks;

var file = new Option<FileInfo>("--figures") { Description = "The file that figures are added to, one line of JSON each", Required = true };
var bin = new Option<DirectoryInfo>("--bin") { Description = "The published programs", Required = true };
var work = new Option<DirectoryInfo>("--work") { Description = "A folder for data and logs", Required = true };
var port = new Option<int>("--port") { Description = "The port of the server that is measured", DefaultValueFactory = _ => 18097 };
var hosts = new Option<int>("--hosts") { Description = "Simulated hosts", DefaultValueFactory = _ => 1000 };
var deployments = new Option<int>("--deployments") { Description = "Virtual machines to deploy", DefaultValueFactory = _ => 2000 };
var outstanding = new Option<int>("--outstanding") { Description = "Unfinished deployments at any time", DefaultValueFactory = _ => 64 };
var statements = new Option<int>("--statements") { Description = "Shows so many of PostgreSQL's costliest statements" };
var json = new Option<bool>("--json") { Description = "An array instead of a table" };

var simulator = new Command("simulator", "Measures a server with simulated hosts") { file, bin, work, port, hosts, deployments, outstanding, statements };
simulator.SetAction(async (parsed, ct) =>
{
    var load = new SimulatorLoad
    {
        Hosts = parsed.GetRequiredValue(hosts),
        Deployments = parsed.GetRequiredValue(deployments),
        Outstanding = parsed.GetRequiredValue(outstanding),
        Statements = parsed.GetValue(statements),
    };
    await using var cloud = new BenchCloud(
        parsed.GetRequiredValue(bin).FullName, parsed.GetRequiredValue(work).FullName, parsed.GetRequiredValue(port));
    await new SimulatorPart(cloud, new Figures(parsed.GetRequiredValue(file).FullName, Console.Error), load).RunAsync(ct);
});
var registrations = new Option<int>("--registrations") { Description = "Templates to register", DefaultValueFactory = _ => 2000 };
var transfers = new Command("transfers", "Watches secondary storage VMs come and go with simulated registrations") { file, bin, work, port, hosts, registrations };
transfers.SetAction(async (parsed, ct) =>
{
    await using var cloud = new BenchCloud(
        parsed.GetRequiredValue(bin).FullName, parsed.GetRequiredValue(work).FullName, parsed.GetRequiredValue(port));
    await new TransfersPart(cloud, new Figures(parsed.GetRequiredValue(file).FullName, Console.Error), Console.Error)
        .RunAsync(parsed.GetRequiredValue(hosts), parsed.GetRequiredValue(registrations), ct);
});
var count = new Option<int>("--networks") { Description = "Networks to make", DefaultValueFactory = _ => 2000 };
var networks = new Command("networks", "Makes, changes and removes networks and their rules on simulated hosts") { file, bin, work, port, hosts, count };
networks.SetAction(async (parsed, ct) =>
{
    await using var cloud = new BenchCloud(
        parsed.GetRequiredValue(bin).FullName, parsed.GetRequiredValue(work).FullName, parsed.GetRequiredValue(port));
    await new NetworksPart(cloud, new Figures(parsed.GetRequiredValue(file).FullName, Console.Error))
        .RunAsync(parsed.GetRequiredValue(hosts), parsed.GetRequiredValue(count), ct);
});
var table = new Command("table", "Shows figures") { file, json };
table.SetAction(parsed =>
{
    var name = parsed.GetRequiredValue(file).FullName;
    if (parsed.GetRequiredValue(json)) Figures.WriteJson(name, Console.Out);
    else Figures.WriteTable(name, Console.Out);
});
// Ctrl-C and SIGTERM cancel; what was started must end before this does.
return await new RootCommand("Stratiform's benchmarks; see packaging/build/bench") { simulator, transfers, networks, table }.Parse(args)
    .InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
