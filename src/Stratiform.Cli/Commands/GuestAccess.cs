using System.CommandLine;
using System.Net;
using System.Text.Json;
using Stratiform.Cli.Verbs;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Commands;

/// <summary>
/// strat ssh and strat console: into a guest of the cloud in a box. Guest addresses exist only inside the box's
/// namespaces, so scripts of the checkout go there: packaging/box/ssh RUN HOST NETWORK IP CIDR [ssh arguments...]
/// and packaging/box/console RUN HOST VM, with the VM's id in VM_ID.
/// </summary>
internal static class GuestAccess
{
    public static Command BuildSsh(Bind bind)
    {
        var vm = new Argument<string>("VM") { Description = "The VM's name or id" };
        var rest = new Argument<string[]>("ARGUMENTS")
        {
            Description = "After --: a command to run there, or arguments of ssh",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("ssh", "Log in to a VM of the cloud in a box") { vm, rest };
        command.SetAction(bind(async (session, ct) =>
        {
            var (found, host) = await FindAsync(session, session.Parsed.GetRequiredValue(vm), ct);
            if (DefaultNic(found) is not { } nic || nic.Text("ipaddress") is not { } address)
            {
                throw new UsageMistake(
                    $"{found.Text("name")} has no address.",
                    "See its networks with: strat vm show " + found.Text("name"));
            }

            var arguments = session.Parsed.GetValue(rest) ?? [];
            return BoxScript.Run(session, "ssh", [host, nic.Text("networkid") ?? "", address, Cidr(nic), .. arguments], found.Text("id"));
        }));
        return command;
    }

    public static Command BuildConsole(Bind bind)
    {
        var vm = new Argument<string>("VM") { Description = "The VM's name or id" };
        var command = new Command("console", "Open the serial console of a VM of the cloud in a box; Ctrl-] leaves it") { vm };
        command.SetAction(bind(async (session, ct) =>
        {
            var (found, host) = await FindAsync(session, session.Parsed.GetRequiredValue(vm), ct);
            return BoxScript.Run(session, "console", [host, found.Text("id")!], found.Text("id"));
        }));
        return command;
    }

    private static async Task<(JsonElement Vm, string Host)> FindAsync(Session session, string typed, CancellationToken ct)
    {
        var list = new ApiCommand("listVirtualMachines", "", false, [Takes("id"), Takes("name"), Takes("listall")], []);
        var vm = await new NameResolver(session.Cloud, new VerbBook(new ApiCatalogue([list]))).FindAsync(list, typed, ct);
        var name = vm.Text("name");
        if (vm.Text("state") is not "Running")
            throw new UsageMistake($"{name} is {vm.Text("state") ?? "in no known state"}, not Running.", $"strat vm start {name}");
        return vm.Text("hostname") is { } host
            ? (vm, host)
            : throw new UsageMistake(
                $"The server does not tell you on which host {name} runs.", "Only root admins learn it: use the box's own keys.");

        static ApiParameter Takes(string parameter) => new(parameter, "", "string", false, null);
    }

    private static JsonElement? DefaultNic(JsonElement vm)
    {
        var nics = vm.Array("nic").ToArray();
        return nics.Length == 0 ? null : nics.Where(nic => nic.Flag("isdefault")).Append(nics[0]).First();
    }

    /// <summary>The network that the nic's address and netmask say: 10.1.1.0/24.</summary>
    private static string Cidr(JsonElement nic)
    {
        if (!IPAddress.TryParse(nic.Text("ipaddress"), out var address) || !IPAddress.TryParse(nic.Text("netmask"), out var mask))
            throw new UsageMistake("The server tells no address and netmask of the VM's nic.");
        var bits = mask.GetAddressBytes();
        var network = address.GetAddressBytes().Select((part, i) => (byte)(part & bits[i])).ToArray();
        return $"{new IPAddress(network)}/{bits.Sum(part => byte.PopCount(part))}";
    }
}
