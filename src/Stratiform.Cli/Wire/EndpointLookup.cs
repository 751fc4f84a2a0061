namespace Stratiform.Cli.Wire;

/// <summary>
/// Finds the cloud to talk to. The nearest cloud.env is the ground (upwards from the current folder, then from where
/// strat itself lies, then the user's configuration); the environment overrides single values of it, and --endpoint the address.
/// </summary>
internal static class EndpointLookup
{
    private const string EndpointName = "CLOUDSTACK_ENDPOINT";
    private const string KeyName = "CLOUDSTACK_KEY";
    private const string SecretName = "CLOUDSTACK_SECRET";

    public static CloudEndpoint Find(string? option, Surroundings here)
    {
        var file = FindFile(here);
        var values = file is null ? [] : Read(file);
        var source = file;
        foreach (var name in (string[])[EndpointName, KeyName, SecretName])
        {
            if (here.Variable(name) is not { } value)
                continue;
            values[name] = value;
            source = "the environment";
        }

        if (option is not null)
        {
            values[EndpointName] = option;
            source = "--endpoint";
        }

        if (!values.TryGetValue(EndpointName, out var text))
        {
            throw new UsageMistake(
                "I do not know which cloud to ask: no --endpoint, no CLOUDSTACK_ENDPOINT and no .run/cloud.env at or above this folder.",
                "Start a cloud with 'make up' and work inside its checkout, or write ~/.config/stratiform/cloud.env with "
                + "CLOUDSTACK_ENDPOINT=, CLOUDSTACK_KEY= and CLOUDSTACK_SECRET= lines.");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new UsageMistake(
                $"'{text}' (from {source}) is no endpoint.",
                "Give the address of the API, for example http://127.0.0.1:8080/client/api.");
        }

        return new(address, values.GetValueOrDefault(KeyName), values.GetValueOrDefault(SecretName), source!);
    }

    private static string? FindFile(Surroundings here) =>
        Checkouts.Around(here)
            .Select(folder => Path.Combine(folder, ".run", "cloud.env"))
            .Append(Path.Combine(here.ConfigFolder, "cloud.env"))
            .FirstOrDefault(File.Exists);

    private static Dictionary<string, string> Read(string file)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file).Select(line => line.Trim()))
        {
            var text = line.StartsWith("export ", StringComparison.Ordinal) ? line[7..] : line;
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && text[0] != '#')
                values[text[..equals].Trim()] = text[(equals + 1)..].Trim().Trim('"', '\'');
        }

        return values;
    }
}
