using Sluice.Lab.Tests.Traffic;

namespace Sluice.Lab.Tests.Rules;

/// <summary>A way to write rules, and what it does to packets.</summary>
/// <param name="Objects">Manifests.</param>
/// <param name="Nat">The rows it makes, each <c>type,external,internal,port,mac</c> with names in the place of addresses.</param>
public sealed record RuleForm(string Name, string Objects, string[] Nat, Func<RuleProof, Task> Proof)
{
    private const string Web = FormsLab.Web, Database = FormsLab.Database, Web2 = FormsLab.Web2;

    public static IEnumerable<RuleForm> All { get; } =
    [
        new("FIP of a pod, as it comes", Eip("e") + Fip("ovnEip: e, ipName: web.one"), ["dnat_and_snat,e,one/web,web.one,MAC"], async proof =>
        {
            await proof.LeadsToAsync("e", Web);
            await proof.ShowsAsync(Web, "e");
            await proof.StatusIsAsync("oeip/e", "{.status.nat}", "fip");
        }),
        new("FIP of a pod, distributed", Eip("e") + Fip("ovnEip: e, ipName: web.one, type: distributed"), ["dnat_and_snat,e,one/web,web.one,MAC"], async proof =>
        {
            await proof.LeadsToAsync("e", Web);
            await proof.LeavesFromItsNodeAsync(Web, "e");
        }),
        new("FIP of a pod, centralized", Eip("e") + Fip("ovnEip: e, ipName: web.one, type: centralized"), ["dnat_and_snat,e,one/web,,"], async proof =>
        {
            await proof.LeadsToAsync("e", Web);
            await proof.LeavesFromGatewayAsync(Web, "e");
        }),
        new("FIP of a Vip", Eip("e") + Vip + Fip("ovnEip: e, ipType: vip, ipName: v"), ["dnat_and_snat,e,v,,"], async proof =>
        {
            await using (await proof.HoldAsync(Web, "v"))
                await proof.LeadsToAsync("e", Web);
        }),
        new("FIP of an address", Eip("e") + Fip("ovnEip: e, vpc: one, v4Ip: WEB"), ["dnat_and_snat,e,one/web,,"], async proof =>
        {
            await proof.LeadsToAsync("e", Web);
            await proof.ShowsAsync(Web, "e");
        }),
        new("SNAT of a subnet", Eip("e") + Snat("s", "ovnEip: e, vpcSubnet: net1"), ["snat,e,192.168.1.0/24,,"], async proof =>
        {
            await proof.ShowsAsync(Web, "e");
            await proof.ShowsAsync(Database, "e");
            await proof.LeavesFromGatewayAsync(Web, "e");
        }),
        new("SNAT of a pod beside that of its subnet",
            Eip("e") + Eip("f") + Snat("s", "ovnEip: e, vpcSubnet: net1") + Snat("t", "ovnEip: f, ipName: web.one"),
            ["snat,e,192.168.1.0/24,,", "snat,f,one/web,,"], async proof =>
        {
            await proof.ShowsAsync(Web, "f");
            await proof.ShowsAsync(Database, "e");
        }),
        new("SNAT of a range", Eip("e") + Snat("s", "ovnEip: e, vpc: one, v4IpCidr: 192.168.1.0/25"), ["snat,e,192.168.1.0/25,,"],
            proof => proof.ShowsAsync(Web, "e")),
        new("DNAT to a pod by TCP and UDP",
            Eip("e") + Dnat("d", "ovnEip: e, ipName: web.one, protocol: tcp", 80) + Dnat("u", "ovnEip: e, ipName: db.one, protocol: udp", 80), [], async proof =>
        {
            await proof.LeadsToAsync("e", Transport.Tcp, 80, Web);
            await proof.LeadsToAsync("e", Transport.Udp, 80, Database);
            await proof.StatusIsAsync("oeip/e", "{.status.nat}", "dnat");
        }),
        new("DNAT to a Vip", Eip("e") + Vip + Dnat("d", "ovnEip: e, ipType: vip, ipName: v, protocol: tcp", 22), [], async proof =>
        {
            await using (await proof.HoldAsync(Database, "v"))
                await proof.LeadsToAsync("e", Transport.Tcp, 22, Database);
        }),
        new("DNAT to an address", Eip("e") + Dnat("d", "ovnEip: e, vpc: one, v4Ip: WEB, protocol: tcp", 22), [],
            proof => proof.LeadsToAsync("e", Transport.Tcp, 22, Web)),
        new("DNAT with a protocol in capitals", Eip("e") + Dnat("d", "ovnEip: e, ipName: web.one, protocol: UDP", 53), [], async proof =>
        {
            await proof.LeadsToAsync("e", Transport.Udp, 53, Web);
            await proof.StatusIsAsync("odnat/d", "{.status.protocol}", "udp");
        }),
        // The kernel under the tests has no SCTP to send, so this one is a row.
        new("DNAT by SCTP", Eip("e") + Dnat("d", "ovnEip: e, ipName: web.one, protocol: sctp", 36412), [],
            proof => proof.StatusIsAsync("odnat/d", "{.status.protocol} {.status.externalPort}", "sctp 36412")),
        new("One EIP for all kinds",
            Eip("e") + Snat("s", "ovnEip: e, vpcSubnet: net1") + Fip("ovnEip: e, ipName: web.one") + Dnat("d", "ovnEip: e, ipName: db.one, protocol: tcp", 80),
            ["dnat_and_snat,e,one/web,,", "snat,e,192.168.1.0/24,,"], async proof =>
        {
            await proof.LeadsToAsync("e", Web);
            await proof.LeadsToAsync("e", Transport.Tcp, 80, Database);
            await proof.ShowsAsync(Web, "e");
            await proof.ShowsAsync(Database, "e");
            await proof.StatusIsAsync("oeip/e", "{.status.nat}", "dnat,fip,snat");
        }),
        new("One pod with a FIP and a DNAT",
            Eip("e") + Eip("f") + Fip("ovnEip: e, ipName: web.one") + Dnat("d", "ovnEip: f, ipName: web.one, protocol: tcp", 80),
            ["dnat_and_snat,e,one/web,,"], async proof =>
        {
            await proof.LeadsToAsync("e", Web);
            await proof.LeadsToAsync("f", Transport.Tcp, 80, Web);
            await proof.StatusIsAsync("ofip/fip", "{.status.conditions[?(@.type=='Distributed')].reason}", "SharedAddress");
        }),
        new("A client at the port that its EIP forwards to another pod",
            Eip("e") + Snat("s", "ovnEip: e, vpcSubnet: net1") + Dnat("d", "ovnEip: e, ipName: db.one, protocol: tcp", 40000)
            + Dnat("u", "ovnEip: e, ipName: db.one, protocol: udp", 40000),
            ["snat,e,192.168.1.0/24,,"], async proof =>
        {
            await proof.LeadsToAsync("e", Transport.Tcp, 40000, Database);
            await proof.LeadsToAsync("e", Transport.Udp, 40000, Database);
            await proof.ShowsFromPortAsync(Web, 40000, "e");
            await proof.ShowsFromPortAsync(Database, 40000, "e");
            await proof.ShowsFromPortAsync(Database, Outside.Port + 1, "e");
        }),
        // Who calls from outside is seen by its own address, although the SNAT is of all sources.
        new("SNAT of everything beside a FIP and a DNAT with EIPs of their own",
            Eip("e") + Eip("f") + Eip("g") + Snat("s", "ovnEip: e, vpc: one, v4IpCidr: 0.0.0.0/0") + Fip("ovnEip: f, ipName: web.one")
            + Dnat("d", "ovnEip: g, ipName: db.one, protocol: tcp", 8080),
            ["dnat_and_snat,f,one/web,web.one,MAC", "snat,e,0.0.0.0/0,,"], async proof =>
        {
            await proof.LeadsToAsync("f", Web);
            await proof.LeadsToAsync("g", Transport.Tcp, 8080, Database);
            await proof.ShowsAsync(Web, "f");
            await proof.ShowsAsync(Database, "e");
        }),
        new("SNAT of a pod beside its FIP with the same EIP",
            Eip("e") + Fip("ovnEip: e, ipName: web.one") + Snat("s", "ovnEip: e, ipName: web.one"),
            ["dnat_and_snat,e,one/web,,", "snat,e,one/web,,"], async proof =>
        {
            await proof.LeadsToAsync("e", Web);
            await proof.ShowsAsync(Web, "e");
        }),
        new("The router's own address", Snat("s", "ovnEip: one-external204, vpcSubnet: net1")
            + Fip("ovnEip: one-external204, ipName: web.one") + Dnat("d", "ovnEip: one-external204, ipName: db.one, protocol: tcp", 80),
            ["dnat_and_snat,one-external204,one/web,,", "snat,one-external204,192.168.1.0/24,,"], async proof =>
        {
            await proof.ShowsAsync(Database, "one-external204");
            await proof.LeadsToAsync("one-external204", Transport.Tcp, 80, Database);
            await proof.LeadsToAsync("one-external204", Web);
        }),
        new("An address and MAC of one's choice",
            Manifests.Eip("e", "externalSubnet: external204, v4Ip: 10.5.204.42, macAddress: \"00:00:00:ab:cd:ef\"") + Fip("ovnEip: e, ipName: web.one"),
            ["dnat_and_snat,e,one/web,web.one,MAC"], async proof =>
        {
            await proof.StatusIsAsync("oeip/e", "{.status.v4Ip} {.status.macAddress}", "10.5.204.42 00:00:00:ab:cd:ef");
            await proof.LeadsToAsync("e", Web);
        }),
        new("The same range behind EIPs of two networks",
            Eip("e") + Eip("f", "external205") + Snat("s", "ovnEip: e, vpcSubnet: net2") + Snat("t", "ovnEip: f, vpcSubnet: net2"),
            ["snat,e,192.168.2.0/24,,", "snat,f,192.168.2.0/24,,"], async proof =>
        {
            await proof.ShowsAsync(Web2, "e");
            await proof.ShowsInSecondNetworkAsync(Web2, "f");
        }),
        new("FIPs of one pod in two networks",
            Eip("e") + Eip("f", "external205") + Fip("ovnEip: e, ipName: web.two") + Fip("ovnEip: f, ipName: web.two", "second"),
            ["dnat_and_snat,e,two/web,web.two,MAC", "dnat_and_snat,f,two/web,web.two,MAC"], async proof =>
        {
            await proof.LeadsToAsync("e", Web2);
            await proof.LeadsFromSecondNetworkAsync("f", Web2);
            await proof.ShowsAsync(Web2, "e");
            await proof.ShowsInSecondNetworkAsync(Web2, "f");
        }),
    ];

    public override string ToString() => Name;

    private static string Vip => Manifests.Of("Vip", "v", "subnet: net1");

    private static string Eip(string name, string subnet = "external204") => Manifests.Eip(name, $"externalSubnet: {subnet}");

    private static string Fip(string spec, string name = "fip") => Manifests.Of("OvnFip", name, spec);

    private static string Snat(string name, string spec) => Manifests.Of("OvnSnatRule", name, spec);

    private static string Dnat(string name, string spec, int port) =>
        Manifests.Of("OvnDnatRule", name, $"""{spec}, externalPort: "{port}", internalPort: "{Outside.Port}" """);
}
