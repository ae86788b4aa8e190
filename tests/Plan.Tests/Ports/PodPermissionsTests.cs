using Sluice.Api;
using Sluice.Kube.Core;
using Sluice.Plan.Addressing;
using Sluice.Plan.Ports;

namespace Sluice.Plan.Tests.Ports;

public sealed class PodPermissionsTests
{
    private static readonly string Switch = PodAnnotations.Default.LogicalSwitch;

    private static readonly PodPermissions Permissions = new()
    {
        DefaultVpc = "ovn-cluster",
        DefaultSubnet = "ovn-default",
        NodeSubnet = "join",
        ExternalSubnet = "external204",
    };

    private static readonly Vpc[] Vpcs =
    [
        Vpc("ovn-cluster"),
        Vpc("vpc-a", "tenant-a", "team-a") with { Spec = new() { Namespaces = ["tenant-a", "team-a"], ExtraExternalSubnets = ["external205"] } },
        Vpc("vpc-b", "tenant-b"),
        Vpc("vpc-open"),
    ];

    private static readonly Subnet[] Subnets =
    [
        Subnet("ovn-default", "ovn-cluster"),
        Subnet("join", "ovn-cluster"),
        Subnet("more-default", "ovn-cluster"),
        Subnet("shared-default", "ovn-cluster", "tenant-a"),
        Subnet("external204", "ovn-cluster") with { Spec = new() { Vpc = "ovn-cluster", Vlan = "vlan204", CidrBlock = "10.5.204.0/24" } },
        Subnet("external205", "ovn-cluster") with { Spec = new() { Vpc = "ovn-cluster", Vlan = "vlan205", CidrBlock = "10.5.205.0/24", LogicalGateway = true } },
        Subnet("wire", "ovn-cluster") with { Spec = new() { Vpc = "ovn-cluster", Vlan = "vlan9", CidrBlock = "10.9.0.0/24" } },
        Subnet("wire-of-a", "ovn-cluster") with { Spec = new() { Vpc = "ovn-cluster", Vlan = "vlan8", CidrBlock = "10.8.0.0/24", Namespaces = ["tenant-a"] } },
        Subnet("inner-wire", "vpc-a") with { Spec = new() { Vpc = "vpc-a", Vlan = "vlan7", LogicalGateway = true, CidrBlock = "10.7.0.0/24" } },
        Subnet("a1", "vpc-a", "tenant-a"),
        Subnet("a2", "vpc-a"),
        Subnet("a-selected", "vpc-a") with
        {
            Spec = new() { Vpc = "vpc-a", NamespaceSelectors = [new() { MatchLabels = new Dictionary<string, string> { ["team"] = "red" } }] },
        },
        Subnet("b1", "vpc-b"),
        Subnet("open1", "vpc-open"),
    ];

    [Theory]
    [InlineData("tenant-a", "a1", "assigned")]
    [InlineData("tenant-a", "a2", "of its own VPC, for no namespace in particular")]
    [InlineData("team-a", "a2", "of its own VPC, for no namespace in particular")]
    [InlineData("tenant-a", "shared-default", "of the default VPC, assigned")]
    [InlineData("tenant-a", "wire-of-a", "of a physical network, assigned")]
    [InlineData("tenant-a", "inner-wire", "of a physical network behind its own router")]
    [InlineData("tenant-a", "a-selected", "assigned by label", "red")]
    [InlineData("default", "ovn-default", "the default")]
    [InlineData("default", "more-default", "of the default VPC")]
    [InlineData("default", "open1", "of a VPC that is for all namespaces")]
    public void A_namespace_may_use_what_is_meant_for_it(string ns, string subnet, string why, string? team = null) =>
        Check(Permissions, ns, subnet, team).ShouldBeNull(why);

    [Theory]
    [InlineData("default", "join", "Subnet \"join\" is for nodes only")]
    [InlineData("default", "external204", "Subnet \"external204\" is a physical network, and does not name namespace \"default\" in spec.namespaces")]
    [InlineData("tenant-a", "external205", "Subnet \"external205\" is a physical network, and does not name namespace \"tenant-a\" in spec.namespaces")]
    [InlineData("default", "wire", "Subnet \"wire\" is a physical network, and does not name namespace \"default\" in spec.namespaces")]
    [InlineData("default", "wire-of-a", "Subnet \"wire-of-a\" is a physical network, and does not name namespace \"default\" in spec.namespaces")]
    [InlineData("tenant-b", "a1", "Subnet \"a1\" is for other namespaces than \"tenant-b\" (spec.namespaces, spec.namespaceSelectors)")]
    [InlineData("team-a", "a1", "Subnet \"a1\" is for other namespaces than \"team-a\" (spec.namespaces, spec.namespaceSelectors)")]
    [InlineData("tenant-a", "a-selected", "Subnet \"a-selected\" is for other namespaces than \"tenant-a\" (spec.namespaces, spec.namespaceSelectors)")]
    [InlineData("tenant-b", "a2", "Vpc \"vpc-a\" of Subnet \"a2\" is for other namespaces than \"tenant-b\" (spec.namespaces)")]
    [InlineData("default", "a2", "Vpc \"vpc-a\" of Subnet \"a2\" is for other namespaces than \"default\" (spec.namespaces)")]
    [InlineData("tenant-a", "ovn-default", "namespace \"tenant-a\" is Vpc \"vpc-a\"'s, and Subnet \"ovn-default\" of Vpc \"ovn-cluster\" does not name it in spec.namespaces")]
    [InlineData("tenant-a", "open1", "namespace \"tenant-a\" is Vpc \"vpc-a\"'s, and Subnet \"open1\" of Vpc \"vpc-open\" does not name it in spec.namespaces")]
    [InlineData("default", "shared-default", "Subnet \"shared-default\" is for other namespaces than \"default\" (spec.namespaces, spec.namespaceSelectors)")]
    public void Other_subnets_are_refused(string ns, string subnet, string message) => Check(Permissions, ns, subnet).ShouldBe($"{Switch}: {message}");

    [Fact]
    public void The_operator_can_open_all_subnets_but_that_of_the_nodes()
    {
        foreach (var subnet in Subnets)
            (Check(Permissions with { IsEnforced = false }, "tenant-b", subnet.Metadata.Name) is null).ShouldBe(subnet.Metadata.Name != "join", subnet.Metadata.Name);
    }

    [Theory]
    [InlineData("tenant-b", "tenant-b", true)]
    [InlineData("other, tenant-b", "tenant-b", true)]
    [InlineData("*", "tenant-b", true)]
    [InlineData("tenant-bb", "tenant-b", false)]
    [InlineData("", "tenant-b", false)]
    public void The_operator_can_open_one_subnet_to_a_namespace(string permitted, string ns, bool isOpen)
    {
        foreach (var subnet in Subnets.Where(subnet => subnet.Metadata.Name is "a1" or "a2" or "external204" or "ovn-default" or "wire" or "join"))
        {
            var opened = subnet with { Metadata = subnet.Metadata.WithAnnotation(Names.Annotations.PermittedNamespaces, permitted) };
            var refusal = Permissions.CheckSubnet(Namespace(ns), opened, [.. Subnets.Where(other => other != subnet), opened], Vpcs);
            (refusal is null).ShouldBe(isOpen && subnet.Metadata.Name != "join", subnet.Metadata.Name);
        }
    }

    [Theory]
    [InlineData("10.5.204.150", null)]
    [InlineData("10.5.204.50", "10.5.204.50 is held back by spec.excludeIps of Subnet \"wire\"")]
    [InlineData("10.5.204.254", null)]
    public void An_address_that_the_operator_holds_back_is_refused(string address, string? message)
    {
        var subnet = new Subnet
        {
            Metadata = new() { Name = "wire" },
            Spec = new() { CidrBlock = "10.5.204.0/24", Gateway = "10.5.204.254", ExcludeIps = ["10.5.204.1..10.5.204.100"] },
        };
        var opened = subnet with { Metadata = subnet.Metadata.WithAnnotation(Names.Annotations.PermittedNamespaces, "default") };
        CheckAddress(Permissions, subnet).ShouldBe(message is null ? null : $"ip_address: {message}");
        CheckAddress(Permissions, opened).ShouldBeNull();
        CheckAddress(Permissions with { IsEnforced = false }, subnet).ShouldBeNull();

        string? CheckAddress(PodPermissions permissions, Subnet subnet) =>
            permissions.CheckAddresses(Namespace("default"), subnet, [IpAddress.Parse(address)], "ip_address")?.Message;
    }

    private static string? Check(PodPermissions permissions, string ns, string subnet, string? team = null) =>
        permissions.CheckSubnet(Namespace(ns, team), Subnets.Single(item => item.Metadata.Name == subnet), Subnets, Vpcs)?.Message;

    private static Namespace Namespace(string name, string? team = null) => new()
    {
        Metadata = new() { Name = name, Labels = team is null ? null : new Dictionary<string, string> { ["team"] = team } },
    };

    private static Vpc Vpc(string name, params string[] namespaces) => new() { Metadata = new() { Name = name }, Spec = new() { Namespaces = [.. namespaces] } };

    private static Subnet Subnet(string name, string vpc, params string[] namespaces) => new()
    {
        Metadata = new() { Name = name },
        Spec = new() { Vpc = vpc, CidrBlock = "10.1.0.0/24", Namespaces = [.. namespaces] },
    };
}
