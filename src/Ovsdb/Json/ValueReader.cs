using System.Text.Json;

namespace Sluice.Ovsdb;

/// <summary>Decodes values (RFC 7047 section 5.1) whose types are known from the schema. Not safe for use by several threads.</summary>
internal sealed class ValueReader
{
    private readonly StringPool _strings = new();
    private readonly List<Atom> _atoms = [];
    private readonly List<(Atom Key, Atom Value)> _pairs = [];
    private Atom[] _lastKeys = [];

    /// <summary>Reads the value at which the reader stands, and leaves the reader at its last token.</summary>
    public Value Read(ref Utf8JsonReader reader, ColumnType type)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return Value.Of(ReadAtom(ref reader, type.Key));

        Next(ref reader, JsonTokenType.String);
        if (reader.ValueTextEquals("set"u8))
            return ReadSet(ref reader, type);
        if (reader.ValueTextEquals("map"u8))
            return ReadMap(ref reader, type);
        if (!reader.ValueTextEquals("uuid"u8))
            throw OvsdbException.Protocol($"unknown tag {reader.GetString()}");
        return Value.Of(ReadUuid(ref reader));
    }

    private Value ReadSet(ref Utf8JsonReader reader, ColumnType type)
    {
        _atoms.Clear();
        Next(ref reader, JsonTokenType.StartArray);
        while (NextToken(ref reader) != JsonTokenType.EndArray)
            _atoms.Add(ReadAtom(ref reader, type.Key));
        Next(ref reader, JsonTokenType.EndArray);
        return Value.Set(_atoms);
    }

    private Value ReadMap(ref Utf8JsonReader reader, ColumnType type)
    {
        if (type.MapValue is not { } valueKind)
            throw OvsdbException.Protocol("a map where the schema has a set");

        _pairs.Clear();
        Next(ref reader, JsonTokenType.StartArray);
        while (NextToken(ref reader) != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
                throw OvsdbException.Protocol("a map's pair must be an array");
            NextToken(ref reader);
            var key = ReadAtom(ref reader, type.Key);
            NextToken(ref reader);
            _pairs.Add((key, ReadAtom(ref reader, valueKind)));
            Next(ref reader, JsonTokenType.EndArray);
        }

        Next(ref reader, JsonTokenType.EndArray);
        if (!IsSorted())
            _pairs.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        var mapValues = new Atom[_pairs.Count];
        for (var index = 0; index < mapValues.Length; index++)
            mapValues[index] = _pairs[index].Value;
        return Value.OfSorted(SortedKeys(), mapValues);
    }

    // The server's order is mostly ours already.
    private bool IsSorted()
    {
        for (var index = 1; index < _pairs.Count; index++)
        {
            if (_pairs[index - 1].Key.CompareTo(_pairs[index].Key) > 0)
                return false;
        }

        return true;
    }

    // Most maps of a table have the same keys as the map before: they share the array.
    private Atom[] SortedKeys()
    {
        var same = _lastKeys.Length == _pairs.Count;
        for (var index = 0; same && index < _lastKeys.Length; index++)
            same = _lastKeys[index] == _pairs[index].Key;
        return same ? _lastKeys : _lastKeys = [.. _pairs.Select(pair => pair.Key)];
    }

    private Atom ReadAtom(ref Utf8JsonReader reader, AtomKind kind)
    {
        switch (reader.TokenType, kind)
        {
            case (JsonTokenType.String, AtomKind.String):
                return Atom.Of(_strings.Read(ref reader));
            case (JsonTokenType.Number, AtomKind.Integer) when reader.TryGetInt64(out var number):
                return Atom.Of(number);
            case (JsonTokenType.Number, AtomKind.Real):
                return Atom.Of(reader.GetDouble());
            case (JsonTokenType.True or JsonTokenType.False, AtomKind.Boolean):
                return Atom.Of(reader.TokenType == JsonTokenType.True);
            case (JsonTokenType.StartArray, AtomKind.Uuid):
                Next(ref reader, JsonTokenType.String);
                return ReadUuid(ref reader);
            default:
                throw OvsdbException.Protocol($"{reader.TokenType} where the schema has {kind}");
        }
    }

    private static Atom ReadUuid(ref Utf8JsonReader reader)
    {
        if (!reader.ValueTextEquals("uuid"u8))
            throw OvsdbException.Protocol("a UUID was expected");
        Next(ref reader, JsonTokenType.String);
        if (!reader.TryGetGuid(out var uuid))
            throw OvsdbException.Protocol("a malformed UUID");
        Next(ref reader, JsonTokenType.EndArray);
        return Atom.Of(uuid);
    }

    private static JsonTokenType NextToken(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw OvsdbException.Protocol("a value ends too early");

    private static void Next(ref Utf8JsonReader reader, JsonTokenType expected)
    {
        if (NextToken(ref reader) != expected)
            throw OvsdbException.Protocol($"{reader.TokenType} where {expected} was expected");
    }
}
