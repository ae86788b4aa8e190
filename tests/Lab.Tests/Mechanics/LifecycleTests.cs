using Sluice.Lab.Processes;

namespace Sluice.Lab.Tests.Mechanics;

public sealed class LifecycleTests
{
    [Fact]
    public async Task Two_labs_stand_side_by_side_and_leave_nothing()
    {
        string[] names = [BareLab.NewName(), BareLab.NewName()];
        try
        {
            var labs = await Task.WhenAll(names.Select(name => BareLab.UpAsync(new LabOptions { Name = name, Nodes = 1, Without = BareLab.Without })));

            await labs[0].Kubectl("create", "namespace", "only-here").RunAsync();
            (await labs[1].Kubectl("get", "namespace", "only-here", "--ignore-not-found").RunAsync()).ShouldBeEmpty();
            await labs[0].Nbctl("ls-add", "only-here").RunAsync();
            (await labs[1].Nbctl("show").RunAsync()).ShouldBeEmpty();

            await LabCluster.DownAsync(names[0]);
            labs[1].Components
                .Where(component => !BareLab.Without.Contains(component.Name))
                .ShouldAllBe(component => component.State == ComponentState.Running);
        }
        finally
        {
            await Task.WhenAll(names.Select(name => LabCluster.DownAsync(name)));
        }

        foreach (var layout in names.Select(name => new LabLayout(name)))
        {
            Directory.Exists(layout.Root).ShouldBeFalse();
            NetworkNamespaces.List(layout.NamespacePrefix).ShouldBeEmpty();
            (await new Command("pgrep", "-f", $"{layout.Root}/").TryAsync()).Output.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Three_members_keep_the_databases_when_one_is_killed()
    {
        var name = BareLab.NewName();
        try
        {
            var lab = await BareLab.UpAsync(new LabOptions { Name = name, Nodes = 1, CentralMembers = 3, Without = BareLab.Without });
            await Eventually.SucceedsAsync(lab.Nbctl("ls-add", "before"));

            await lab.Component("nb@central-1").KillAsync();

            await Eventually.SucceedsAsync(lab.Nbctl("ls-add", "after"));
            (await lab.Nbctl("--bare", "--columns=name", "list", "Logical_Switch").RunAsync())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Order().ShouldBe(["after", "before"]);
        }
        finally
        {
            await LabCluster.DownAsync(name);
        }
    }

    [Fact]
    public async Task A_second_up_is_refused()
    {
        var options = new LabOptions { Name = BareLab.NewName() };
        Directory.CreateDirectory(new LabLayout(options.Name).Root);
        try
        {
            var refusal = await Should.ThrowAsync<LabException>(() => LabCluster.UpAsync(options));
            refusal.Message.ShouldBe($"lab '{options.Name}' exists already: take it down first");
        }
        finally
        {
            await LabCluster.DownAsync(options.Name);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("has-dash")]
    [InlineData("Upper")]
    [InlineData("1digit")]
    [InlineData("thirteenchars")]
    public void A_name_that_would_not_fit_is_refused(string name) => Should.Throw<ArgumentException>(() => new LabLayout(name));
}
