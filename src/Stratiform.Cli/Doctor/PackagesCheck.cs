namespace Stratiform.Cli.Doctor;

/// <summary>
/// The Debian packages of the cloud in a box. The lists lie in the checkout, beside the script that installs them;
/// strat knows the same by heart for when it stands outside one.
/// </summary>
internal sealed class PackagesCheck : ICheck
{
    private const string Installed = "installed ";
    private static readonly string[] Groups = ["server", "host", "images"];

    private static readonly string[] ByHeart =
    [
        "curl", "iproute2", "iputils-ping", "libvirt-clients", "libvirt-daemon-system", "mmdebstrap", "nftables", "openssh-client",
        "postgresql", "procps", "qemu-system-x86", "qemu-utils", "squashfs-tools", "util-linux", "zstd",
    ];

    public async Task<Finding> RunAsync(Machine machine, CancellationToken ct)
    {
        var wanted = Wanted(machine.Checkout);
        string[] show = ["--show", "--showformat", "${db:Status-Status} ${Package}\n"];
        var answer = await machine.Tools.RunAsync("dpkg-query", [.. show, .. wanted], ct);
        if (!answer.IsThere)
        {
            return new(
                "packages", Verdict.Fail, "there is no dpkg-query: this is not Debian",
                "Use Debian 12 or newer. Without hosts there is: make sim");
        }

        var installed = answer.Output.Split('\n').Where(line => line.StartsWith(Installed, StringComparison.Ordinal))
            .Select(line => line[Installed.Length..]);
        var missing = wanted.Except(installed, StringComparer.Ordinal).ToArray();
        var names = string.Join(' ', missing);
        return (missing, machine.IsRoot) switch
        {
            ([], _) => new("packages", Verdict.Ok, $"all {wanted.Length} are installed"),
            (_, true) => new("packages", Verdict.Warn, $"missing: {names}", "make up installs them."),
            (_, false) => new("packages", Verdict.Fail, $"missing: {names}", $"As root: apt-get install {names}"),
        };
    }

    private static string[] Wanted(string checkout)
    {
        var listed = Groups.Select(group => Machine.ReadFile(Path.Combine(checkout, "packaging", "packages", $"{group}.list")))
            .OfType<string>().SelectMany(text => text.Split('\n'))
            .Select(line => line.Split('#')[0].Trim()).Where(name => name.Length > 0)
            .Distinct(StringComparer.Ordinal).ToArray();
        return listed.Length > 0 ? listed : ByHeart;
    }
}
