namespace Sluice.Lab.Tests.Behaviour;

/// <summary>
/// What cannot work says so once, with the field and the other object at fault, writes nothing to OVN, and works by itself
/// as soon as it can.
/// </summary>
[Collection(RulesLabCollection.Name)]
public sealed class BadInputTests(RulesLab fixture) : IAsyncLifetime
{
    private readonly LabCluster _lab = fixture.Lab;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _lab.Kubectl("delete", "ovn-dnat-rules,ovn-fips,ovn-snat-rules,vips", "--all", "--timeout=60s").RunAsync();
        await _lab.Kubectl("delete", "oeip", "--timeout=60s", "--field-selector=metadata.name!=vpc1-external204").RunAsync();
        await _lab.Kubectl("delete", "--ignore-not-found", "--timeout=60s", "-n", "vpc1", "pod/late", "subnet/late", "subnet/nowhere", "vlan/vlan205").RunAsync();
    }

    public static TheoryData<string> Inputs() => [.. BadInput.All.Select(input => input.Name)];

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task Is_explained_and_works_once_it_can(string name)
    {
        var input = BadInput.All.Single(input => input.Name == name);
        if (input.Before is { } before)
        {
            await fixture.ApplyAsync(before);
            await (_lab.Kubectl("wait", "--for=condition=Ready", "--timeout=60s", "-f", "-") with { Input = before }).RunAsync();
        }
        var rows = await RowsAsync();

        await fixture.ApplyAsync(input.Manifest);
        await ShowsAsync(input.Target, input.Reason);

        var message = await fixture.JsonPathAsync(input.Target, "{.status.conditions[?(@.type=='Ready')].message}");
        foreach (var part in input.Names)
            message.ShouldContain(part);
        await Eventually.HoldsAsync(async () => await EventsAsync(input) == "1", () => "there is not exactly one Event");
        (await RowsAsync()).ShouldBe(rows);

        if (input.Cure is { } cure)
            await fixture.ApplyAsync(cure);
        else
            await (_lab.Kubectl("delete", "--timeout=60s", "-f", "-") with { Input = input.Before }).RunAsync();
        await fixture.WaitReadyAsync(input.Target);
    }

    [Fact]
    public async Task A_vpc_without_a_gateway_node_waits_for_one()
    {
        await _lab.Kubectl("label", "nodes", "--all", "ovn.kubernetes.io/external-gw-").RunAsync();
        try
        {
            await fixture.ApplyAsync(Manifests.Of("Vpc", "lonely", "enableExternal: true"));
            await ShowsAsync("vpc/lonely", "NoGatewayNode");
            (await fixture.JsonPathAsync("vpc/lonely", "{.status.conditions[?(@.type=='Ready')].message}")).ShouldContain("enableExternal");
        }
        finally
        {
            await _lab.Kubectl("label", "nodes", "--all", "ovn.kubernetes.io/external-gw=true").RunAsync();
        }

        await fixture.WaitReadyAsync("vpc/lonely", "vpc/vpc1");
        await _lab.Kubectl("delete", "vpc", "lonely", "--timeout=60s").RunAsync();
    }

    private Task ShowsAsync(string item, string reason)
    {
        var last = "";
        return Eventually.HoldsAsync(
            async () => (last = await fixture.JsonPathAsync(item, "{.status.conditions[?(@.type=='Ready')]['status','reason']}")) == $"False {reason}",
            () => $"{item} shows '{last}' and not 'False {reason}'");
    }

    /// <summary>How often the Event about this very object was counted; several Events give several numbers.</summary>
    private async Task<string> EventsAsync(BadInput input)
    {
        var uid = await fixture.JsonPathAsync(input.Target, "{.metadata.uid}");
        return await _lab.Kubectl("get", "events", "--all-namespaces",
            $"--field-selector=involvedObject.uid={uid},reason={input.Reason}", "-o", "jsonpath={.items[*].count}").RunAsync();
    }

    private async Task<string> RowsAsync() =>
        await _lab.Nbctl("--format=csv", "--columns=_uuid", "list", "NAT").RunAsync() + await _lab.Nbctl("--format=csv", "--columns=_uuid", "list", "Load_Balancer").RunAsync();
}
