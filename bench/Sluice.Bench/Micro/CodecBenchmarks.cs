using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Sluice.Ovsdb;

namespace Sluice.Bench.Micro;

/// <summary>Bytes to rows, and operations to bytes; 1,000 NAT rows each.</summary>
public class CodecBenchmarks
{
    private const int Rows = 1000;
    private readonly byte[] _update = Updates.Inserts(Rows);
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 20);
    private readonly Operation[] _inserts =
    [
        .. Enumerable.Range(0, Rows).Select(number => new Insert(
            "NAT",
            [
                new("external_ip", Value.Of(RawRows.Addresses(number).External)),
                new("logical_ip", Value.Of(RawRows.Addresses(number).Logical)),
                new("type", Value.Of("dnat_and_snat")),
            ],
            $"row{number}")),
    ];

    [Benchmark]
    public int Frame() => default(MessageFramer).Scan(_update);

    [Benchmark]
    public object Decode() => Updates.Read(_update, Updates.Empty);

    [Benchmark]
    public int Encode()
    {
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer, OvsdbJson.WriterOptions);
        foreach (var operation in _inserts)
            OperationWriter.Write(json, operation);
        json.Flush();
        return _buffer.WrittenCount;
    }
}
