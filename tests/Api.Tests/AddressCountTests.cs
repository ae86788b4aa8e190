using System.Globalization;
using System.Text.Json;
using FsCheck.Xunit;

namespace Sluice.Api.Tests;

public sealed class AddressCountTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("153", "153")]
    [InlineData("\"153\"", "153")]
    [InlineData("153.0", "153")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("18446744073709551614", "18446744073709551616")]
    [InlineData("18446744073709552000", "18446744073709551616")]
    [InlineData("1.8446744073709552e+19", "18446744073709551616")]
    public void Numbers_are_read_as_api_servers_write_them(string json, string value) => Read(json).ToString().ShouldBe(value);

    [Theory]
    [InlineData("\"many\"")]
    [InlineData("-1")]
    [InlineData("true")]
    public void Refuses_what_is_no_count(string json) => Should.Throw<JsonException>(() => Read(json));

    /// <summary>An API server stores a number beyond 64 bits as a float and returns that.</summary>
    [Property]
    public void What_comes_back_from_the_server_equals_what_was_written(ulong high, ulong low)
    {
        AddressCount count = new UInt128(high, low);
        var written = JsonSerializer.Serialize(new SubnetStatus { V6AvailableIPs = count }, Json);
        var stored = double.Parse(count.ToString(), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
        Read(written[(written.IndexOf(':', StringComparison.Ordinal) + 1)..^1]).ShouldBe(count);
        if (count.Value > (UInt128)long.MaxValue) Read(stored).ShouldBe(count);
    }

    private static System.Text.Json.Serialization.Metadata.JsonTypeInfo<SubnetStatus> Json =>
        (System.Text.Json.Serialization.Metadata.JsonTypeInfo<SubnetStatus>)SluiceResources.Subnets.Json.Options.GetTypeInfo(typeof(SubnetStatus));

    private static AddressCount Read(string json) =>
        JsonSerializer.Deserialize($$"""{"v6availableIPs":{{json}}}""", Json)!.V6AvailableIPs!.Value;
}
