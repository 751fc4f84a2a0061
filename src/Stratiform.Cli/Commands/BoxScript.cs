using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Commands;

/// <summary>Scripts of the checkout that work on its cloud in a box: packaging/box/SCRIPT RUN ARGUMENTS….</summary>
internal static class BoxScript
{
    /// <summary>Gives this process to the script; a VM's id goes along in VM_ID.</summary>
    /// <exception cref="UsageMistake">There is no checkout with a box here.</exception>
    public static int Run(Session session, string script, IReadOnlyList<string> arguments, string? vm = null)
    {
        var checkout = Checkouts.Around(session.Here).FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, ".run")))
            ?? throw new UsageMistake("This works inside the checkout of a cloud in a box: there is no .run folder here or above.");
        var program = Checkouts.Upwards(checkout).Select(folder => Path.Combine(folder, "packaging", "box", script)).FirstOrDefault(File.Exists)
            ?? throw new UsageMistake($"There is no packaging/box/{script} beside {checkout}/.run or above.", "Change into a checkout.");
        // The keys of the cloud are nobody else's business.
        var variables = session.Here.Variables.Where(pair => !pair.Key.StartsWith("CLOUDSTACK_", StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);
        if (vm is not null) variables["VM_ID"] = vm;
        return session.Here.Handover(program, [Path.Combine(checkout, ".run"), .. arguments], variables);
    }
}
