using Stratiform.Cli.Output;

namespace Stratiform.Cli.Tests.Kit;

/// <summary>Runs strat in a folder of its own, as a user without a terminal would, and keeps what it said.</summary>
internal sealed class StratRun : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public StratRun(FakeCloud? cloud = null)
    {
        Folder = Directory.CreateTempSubdirectory("strat-test-").FullName;
        if (cloud is null)
            return;
        Variables["CLOUDSTACK_ENDPOINT"] = cloud.Endpoint;
        Variables["CLOUDSTACK_KEY"] = FakeCloud.Key;
        Variables["CLOUDSTACK_SECRET"] = FakeCloud.Secret;
    }

    public string Folder { get; }

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public bool IsTty { get; init; }

    public string? Home { get; init; }

    /// <summary>What a person answers, line by line; null when nobody is there.</summary>
    public string? Answers { get; init; }

    /// <summary>The program and arguments that this process would have been given to.</summary>
    public IReadOnlyList<string> HandedTo { get; private set; } = [];

    public IReadOnlyDictionary<string, string> HandedVariables { get; private set; } = new Dictionary<string, string>();

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public Surroundings Here => new()
    {
        Terminal = new Terminal(_out, _error, OutIsTty: IsTty, ErrorIsTty: IsTty, Width: 120)
        {
            In = new StringReader(Answers ?? ""),
            InIsTty = Answers is not null,
        },
        Variables = Variables,
        Folder = Folder,
        ProgramFolder = Folder,
        Home = Home ?? Path.Combine(Folder, "home"),
        Root = Path.Combine(Folder, "root"),
        Handover = (program, arguments, variables) =>
        {
            (HandedTo, HandedVariables) = ([program, .. arguments], variables);
            return 42;
        },
    };

    public Task<int> RunAsync(params string[] args) => new Strat(Here).RunAsync(args, CancellationToken.None);

    public string Write(string path, string text)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        _out.Dispose();
        _error.Dispose();
    }
}
