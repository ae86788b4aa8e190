using Sluice.Api;
using Sluice.Fuzzing;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan.Addressing;
using Sluice.Plan.Ports;
using Sluice.Plan.Vpcs;
using Xunit.Abstractions;

namespace Sluice.Plan.Tests.Fuzzing;

/// <summary>Whatever users write into specs, annotations and the ConfigMap: it is read or refused, and what was read is written as it is read again.</summary>
public sealed class AddressFuzz(ITestOutputHelper output)
{
    private const int Inputs = 20_000;

    private static readonly string[] Corpus =
    [
        "10.5.204.101", "10.5.204.0/24", "fd00:5:204::/64", "fd00::1", "::ffff:10.0.0.1", "::", "10.5.204.1..10.5.204.100", "fd00::1..fd00::ff",
        "10.16.0.0/16,fd00:10:16::/64", "10.16.0.1,fd00:10:16::1", "00:00:00:ED:8E:C7", "0a-1b-2c-3d-4e-5f", "0.0.0.0/0", "255.255.255.255/32",
    ];

    [Fact]
    public void Addresses_blocks_ranges_and_MACs()
    {
        var (inputs, read) = (0, 0);
        foreach (var text in Fuzz.Texts(Inputs, Corpus))
        {
            inputs++;
            if (IpAddress.TryParse(text, out var address))
                RoundTrip(address.ToString(), again => IpAddress.TryParse(again, out var same) && same == address);
            if (Cidr.TryParse(text, out var cidr))
                RoundTrip(cidr.ToString(), again => Cidr.TryParse(again, out var same) && same == cidr);
            if (IpRange.TryParse(text, out var range))
                RoundTrip(range.ToString(), again => IpRange.TryParse(again, out var same) && same == range);
            if (MacAddress.TryParse(text, out var mac))
                RoundTrip(mac.ToString(), again => MacAddress.TryParse(again, out var same) && same == mac);
            if (DualStack<Cidr>.TryParse(text, out var cidrs))
                RoundTrip(cidrs.ToString(), again => DualStack<Cidr>.TryParse(again, out var same) && same.Equals(cidrs));
            if (DualStack<IpAddress>.TryParse(text, out var addresses))
                RoundTrip(addresses.ToString(), again => DualStack<IpAddress>.TryParse(again, out var same) && same.Equals(addresses));
        }
        output.WriteLine($"figure: {inputs} texts read as addresses, blocks, ranges and MACs, {read} of them are some");

        void RoundTrip(string text, Func<string, bool> isSame)
        {
            read++;
            isSame(text).ShouldBeTrue(text);
        }
    }

    [Fact]
    public void Specs_of_subnets_and_annotations_of_pods()
    {
        var inputs = 0;
        foreach (var text in Fuzz.Texts(Inputs / 4, Corpus))
        {
            inputs++;
            var spec = new SubnetSpec { CidrBlock = text, Gateway = text, ExcludeIps = [text] };
            if (!SubnetAddresses.TryRead(spec, out _, out var problem))
                problem.ShouldNotBe(default, text);
            SubnetAddresses.TryRead(spec with { CidrBlock = "10.16.0.0/16,fd00:10:16::/64" }, out _, out _);
            var annotations = new Dictionary<string, string>
            {
                [PodAnnotations.Default.IpAddress] = text,
                [PodAnnotations.Default.MacAddress] = text,
                [PodAnnotations.Default.IpPool] = text,
                [PodAnnotations.Default.LogicalSwitch] = text,
            };
            PodRequest.Of(new Pod { Metadata = new ObjectMeta { Name = "pod-0", Namespace = "default", Annotations = annotations } }, isRecorded: false, set: null).ShouldNotBeNull();
        }
        output.WriteLine($"figure: {inputs} specs of subnets and annotations of pods read or refused");
    }

    [Fact]
    public void The_ConfigMap_of_the_external_gateway_and_what_is_stored_of_it()
    {
        var subnet = new Subnet { Metadata = new ObjectMeta { Name = "external" }, Spec = new() { CidrBlock = "10.5.204.0/24", Gateway = "10.5.204.254" } };
        string[] accepted = ["""{"type":"distributed","external-gw-nodes":"a,b"}""", """{"nic-ip":"10.5.204.105/24","nic-mac":"00:00:00:ed:8e:c7"}""", """{"nic-ip":5,"type":null}""", "[]"];
        var inputs = 0;
        foreach (var (text, stored) in Fuzz.Texts(Inputs / 4, [.. Corpus, "a,b", "centralized"]).Zip(Fuzz.Texts(Inputs / 4, accepted)))
        {
            inputs++;
            string[] keys = [ExternalGatewayConfig.Type, ExternalGatewayConfig.Nodes, ExternalGatewayConfig.Nic, ExternalGatewayConfig.Address, ExternalGatewayConfig.NicIp, ExternalGatewayConfig.NicMac];
            foreach (var known in new[] { subnet, null })
            {
                var gateway = ExternalGatewayReader.Read(new(
                    keys.ToDictionary(key => key, _ => text), stored, "external", known, name => name == "a", () => ["a"], _ => null)).ShouldNotBeNull(text);

                // What is stored now is read the same way after a restart.
                ExternalGatewayReader.Read(new(keys.ToDictionary(key => key, _ => text), gateway.Accepted, "external", known, name => name == "a", () => ["a"], _ => null))!
                    .Accepted.ShouldBe(gateway.Accepted, text);
            }
        }
        output.WriteLine($"figure: {inputs} ConfigMaps of the external gateway read or refused");
    }
}
