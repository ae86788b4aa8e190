using Sluice.Lab.Demo;
using Spectre.Console;

namespace Sluice.Lab.Tests.Seed;

/// <summary>A lab through which the whole walkthrough has gone.</summary>
public sealed class SeedLab() : FullLab(new LabOptions { Audit = true })
{
    public IReadOnlyList<Proof> Proofs { get; private set; } = [];

    /// <summary>What the walkthrough showed.</summary>
    public string Show { get; private set; } = "";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        var stage = new Stage(console);
        await new Walkthrough(Lab, stage).RunAsync(CancellationToken.None);
        Proofs = stage.Proofs;
        Show = text.ToString();
    }
}

[CollectionDefinition(Name)]
public sealed class SeedLabCollection : ICollectionFixture<SeedLab>
{
    public const string Name = "seed lab";
}
