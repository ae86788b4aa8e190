using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;

namespace Sluice.Ovsdb.Tests.Pure;

public sealed class CodecTests
{
    private static readonly ColumnType Strings = new(AtomKind.String, Min: 0, Max: int.MaxValue);
    private static readonly ColumnType StringMap = new(AtomKind.String, AtomKind.String, 0, int.MaxValue);

    [Property]
    public bool Sets_of_strings_survive_the_wire(string[] members)
    {
        var value = Value.Set(members.Where(member => member is not null).Select(WellFormed));
        return RoundTrip(value, Strings).Equals(value);
    }

    [Property]
    public bool Maps_of_strings_survive_the_wire(Dictionary<int, string> pairs)
    {
        var value = Value.Map(pairs.Select(pair => KeyValuePair.Create(pair.Key.ToString(), WellFormed(pair.Value ?? ""))));
        return RoundTrip(value, StringMap).Equals(value);
    }

    [Property]
    public bool Reals_survive_the_wire(double number) =>
        !double.IsFinite(number) || RoundTrip(Value.Of(number), new(AtomKind.Real)).Equals(Value.Of(number));

    [Fact]
    public void Uuids_survive_the_wire()
    {
        var value = Value.Set([Atom.Of(Guid.NewGuid()), Atom.Of(Guid.NewGuid())]);
        RoundTrip(value, new(AtomKind.Uuid, Min: 0, Max: int.MaxValue)).ShouldBe(value);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("[\"map\",[]]")]
    [InlineData("[\"set\",[1]]")]
    [InlineData("[\"uuid\",\"nonsense\"]")]
    [InlineData("[\"other\",[]]")]
    public void A_value_of_another_type_violates_the_protocol(string json) =>
        Should.Throw<OvsdbException>(() => Read(Encoding.UTF8.GetBytes(json), Strings)).IsTransient.ShouldBeTrue();

    [Property]
    public bool A_message_is_found_wherever_the_stream_is_cut(string text, byte cut)
    {
        var message = Encoding.UTF8.GetBytes($$$"""{"a":[{{{JsonSerializer.Serialize(WellFormed(text ?? ""))}}},{"b":{}}]}""");
        var stream = (byte[])[.. " \n"u8, .. message, .. message];
        var first = default(MessageFramer);
        var split = cut % stream.Length;
        var ends = new List<int>();
        foreach (var (start, end) in new[] { (0, split), (split, stream.Length) })
        {
            for (var at = start; at < end;)
            {
                var length = first.Scan(stream.AsSpan(at, end - at));
                if (length < 0)
                    break;
                at += length;
                ends.Add(at);
            }
        }

        return ends.SequenceEqual([message.Length + 2, (message.Length * 2) + 2]);
    }

    [Fact]
    public void What_is_no_object_is_no_message() =>
        Should.Throw<OvsdbException>(() => default(MessageFramer).Scan("HTTP/1.1 400 Bad Request"u8));

    [Theory]
    [InlineData("unix:/run/ovn/ovnnb_db.sock", EndpointScheme.Unix, "/run/ovn/ovnnb_db.sock", 0)]
    [InlineData("tcp:10.0.0.1:6641", EndpointScheme.Tcp, "10.0.0.1", 6641)]
    [InlineData("ssl:[fd00::1]:6642", EndpointScheme.Ssl, "fd00::1", 6642)]
    [InlineData("tcp:[fd00::1]", EndpointScheme.Tcp, "fd00::1", 6640)]
    public void Endpoints_are_understood(string text, EndpointScheme scheme, string address, int port) =>
        Endpoint.Parse(text).ShouldBe(new Endpoint(scheme, address, port));

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.1:6641")]
    [InlineData("tcp:")]
    [InlineData("tcp:host:port")]
    [InlineData("tcp:host:70000")]
    public void What_is_no_endpoint_is_refused(string text) => Should.Throw<FormatException>(() => Endpoint.Parse(text));

    [Fact]
    public async Task The_northbound_schema_is_understood()
    {
        var schema = SchemaReader.Read(await File.ReadAllBytesAsync("/usr/share/ovn/ovn-nb.ovsschema"));

        schema.Name.ShouldBe("OVN_Northbound");
        var nat = schema.Table("NAT")!;
        nat.IsRoot.ShouldBeFalse();
        nat.Column("options")!.Type.ShouldBe(new ColumnType(AtomKind.String, AtomKind.String, 0, int.MaxValue));
        nat.Column("gateway_port")!.Type.ShouldBe(new ColumnType(AtomKind.Uuid, Min: 0) { RefTable = "Logical_Router_Port" });
        schema.Table("Logical_Router")!.IsRoot.ShouldBeTrue();
    }

    // A lone surrogate is no text: JSON can not carry it, and OVSDB refuses it.
    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static Value RoundTrip(Value value, ColumnType type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, OvsdbJson.WriterOptions))
            OperationWriter.WriteValue(json, value);
        return Read(buffer.WrittenSpan, type);
    }

    private static Value Read(ReadOnlySpan<byte> json, ColumnType type)
    {
        var reader = Envelope.At(json);
        return new ValueReader().Read(ref reader, type);
    }
}
