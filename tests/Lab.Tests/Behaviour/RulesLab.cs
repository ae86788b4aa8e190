namespace Sluice.Lab.Tests.Behaviour;

/// <summary>A lab with the seed's public network, its VPC and one pod, on which rules are tried.</summary>
public sealed class RulesLab() : FullLab(new LabOptions())
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await ApplySeedAsync("1.1-underlay-network", "1.3-custom-vpc");
        await WaitReadyAsync("subnet/external204", "vpc/vpc1", "subnet/vpc1-subnet1");
        await ApplySeedAsync("pods/vpc-1-busybox01.yaml");
        await Lab.Kubectl("wait", "--for=condition=Ready", "--timeout=60s", "-n", "vpc1", "pod/vpc-1-busybox01").RunAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class RulesLabCollection : ICollectionFixture<RulesLab>
{
    public const string Name = "rules lab";
}
