namespace Sluice.Lab.Tests.Rules;

/// <summary>Every way to write a rule does to packets what it says, by the rows it should have.</summary>
[Collection(FormsLabCollection.Name)]
public sealed class RuleFormTests(FormsLab fixture) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => fixture.ClearAsync();

    public static TheoryData<string> Forms() => [.. RuleForm.All.Select(form => form.Name)];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Carries_packets(string name)
    {
        var form = RuleForm.All.Single(form => form.Name == name);
        await fixture.ApplyReadyAsync(form.Objects.Replace("WEB", $"{fixture.AddressOf(FormsLab.Web)}", StringComparison.Ordinal));

        await form.Proof(new RuleProof(fixture));

        (await RowsByNameAsync()).ShouldBe(form.Nat);
    }

    [Theory]
    [InlineData("enableExternal: true, extraExternalSubnets: [external205]", "enableExternal: true, extraExternalSubnets: [external205]")]
    [InlineData("enableExternal: true", "enableExternal: true, extraExternalSubnets: [external205]")]
    [InlineData("extraExternalSubnets: [external205]", "enableExternal: true, extraExternalSubnets: [external205]")]
    public async Task Public_networks_are_joined_in_any_order(string first, string then)
    {
        await fixture.ApplyReadyAsync(Manifests.Of("Vpc", "three", first));
        await fixture.ApplyAsync(Manifests.Of("Vpc", "three", then));
        await fixture.WaitReadyAsync("vpc/three");
        try
        {
            IReadOnlyList<string> ports = [];
            await Eventually.HoldsAsync(
                async () => (ports = [.. (await fixture.NamesAsync("Logical_Router_Port")).Where(port => port.StartsWith("three-", StringComparison.Ordinal))]).Count == 2,
                () => string.Join(' ', ports));
            ports.ShouldBe(["three-external204", "three-external205"]);
        }
        finally
        {
            await fixture.Lab.Kubectl("delete", "vpc/three", "--timeout=60s").RunAsync();
        }
    }

    [Fact]
    public async Task DNAT_of_a_router_in_two_networks_is_refused_until_it_is_in_one()
    {
        const string rule = "odnat/d";
        await fixture.ApplyReadyAsync(Manifests.Eip("e", "externalSubnet: external204"));
        await fixture.ApplyAsync(Manifests.Of("OvnDnatRule", "d", """ovnEip: e, ipName: web.two, protocol: tcp, externalPort: "80", internalPort: "8080" """));
        var proof = new RuleProof(fixture);
        await proof.StatusIsAsync(rule, "{.status.conditions[?(@.type=='Ready')].reason}", "NotSupported");

        await fixture.Lab.Kubectl("patch", "vpc/two", "--type=merge", "-p", """{"spec": {"extraExternalSubnets": []}}""").RunAsync();
        try
        {
            await fixture.WaitReadyAsync(rule);
            await proof.LeadsToAsync("e", Traffic.Transport.Tcp, 80, FormsLab.Web2);
        }
        finally
        {
            await fixture.Lab.Kubectl("patch", "vpc/two", "--type=merge", "-p", """{"spec": {"extraExternalSubnets": ["external205"]}}""").RunAsync();
        }
        await proof.StatusIsAsync(rule, "{.status.conditions[?(@.type=='Ready')].reason}", "NotSupported");
    }

    [Fact]
    public async Task A_protocol_that_there_is_none_of_is_refused_at_once()
    {
        var manifest = Manifests.Of("OvnDnatRule", "d", """ovnEip: e, ipName: web.one, protocol: icmp, externalPort: "80", internalPort: "80" """);

        var answer = await (fixture.Lab.Kubectl("apply", "-f", "-") with { Input = manifest }).TryAsync();

        answer.ExitCode.ShouldNotBe(0);
        answer.Error.ShouldContain("spec.protocol");
        answer.Error.ShouldContain("icmp");
    }

    /// <summary>The NAT rows with the names of what has the addresses.</summary>
    private async Task<IEnumerable<string>> RowsByNameAsync()
    {
        var names = (await fixture.TableAsync("oeip", "-o", "custom-columns=NAME:.metadata.name,IP:.status.v4Ip"))[1..].ToDictionary(row => row[1], row => row[0]);
        foreach (var pod in new[] { FormsLab.Web, FormsLab.Database, FormsLab.Web2 })
            names[$"{fixture.AddressOf(pod)}"] = pod;
        if ((await fixture.TableAsync("vip", "-o", "custom-columns=NAME:.metadata.name,IP:.status.v4ip"))[1..] is [var vip])
            names[vip[1]] = vip[0];
        return (await fixture.NatAsync()).Select(row => string.Join(',',
            row.Split(',').Select((cell, column) => column == 4 && cell.Length > 0 ? "MAC" : names.GetValueOrDefault(cell, cell)))).Order(StringComparer.Ordinal);
    }
}
