using Sluice.Ovsdb;

namespace Sluice.Ovn.Model;

/// <summary>The codecs of the types that generated records use.</summary>
internal static class Codecs
{
    public static readonly Codec<string> String = new StringCodec();
    public static readonly Codec<string?> OptionalString = new OptionalStringCodec();
    public static readonly Codec<long> Integer = new IntegerCodec();
    public static readonly Codec<long?> OptionalInteger = new OptionalIntegerCodec();
    public static readonly Codec<bool> Boolean = new BooleanCodec();
    public static readonly Codec<bool?> OptionalBoolean = new OptionalBooleanCodec();
    public static readonly Codec<StringSet> StringSet = new StringSetCodec();
    public static readonly Codec<StringMap> StringMap = new StringMapCodec();

    private sealed class StringCodec : Codec<string>
    {
        public override string Absent => "";

        public override Value Encode(string value) => Value.Of(value);

        public override string Decode(Value value) => value.AsString();

        public override bool Matches(string value, Value column) => string.Equals(value, column.AsString(), StringComparison.Ordinal);

        public override bool IsAbsent(string value) => value.Length == 0;
    }

    private sealed class OptionalStringCodec : Codec<string?>
    {
        public override string? Absent => null;

        public override Value Encode(string? value) => value is null ? Value.EmptySet : Value.Of(value);

        public override string? Decode(Value value) => value.AsStringOrNull();

        public override bool Matches(string? value, Value column) =>
            string.Equals(value, column.AsStringOrNull(), StringComparison.Ordinal);

        public override bool IsAbsent(string? value) => value is null;
    }

    private sealed class IntegerCodec : Codec<long>
    {
        public override long Absent => 0;

        public override Value Encode(long value) => Value.Of(value);

        public override long Decode(Value value) => value.AsLong();

        public override bool Matches(long value, Value column) => value == column.AsLong();

        public override bool IsAbsent(long value) => value == 0;
    }

    private sealed class OptionalIntegerCodec : Codec<long?>
    {
        public override long? Absent => null;

        public override Value Encode(long? value) => value is { } number ? Value.Of(number) : Value.EmptySet;

        public override long? Decode(Value value) => value.Count == 0 ? null : value.AsLong();

        public override bool Matches(long? value, Value column) => value == Decode(column);

        public override bool IsAbsent(long? value) => value is null;
    }

    private sealed class BooleanCodec : Codec<bool>
    {
        public override bool Absent => false;

        public override Value Encode(bool value) => Value.Of(value);

        public override bool Decode(Value value) => value.AsBool();

        public override bool Matches(bool value, Value column) => value == column.AsBool();

        public override bool IsAbsent(bool value) => !value;
    }

    private sealed class OptionalBooleanCodec : Codec<bool?>
    {
        public override bool? Absent => null;

        public override Value Encode(bool? value) => value is { } flag ? Value.Of(flag) : Value.EmptySet;

        public override bool? Decode(Value value) => value.Count == 0 ? null : value.AsBool();

        public override bool Matches(bool? value, Value column) => value == Decode(column);

        public override bool IsAbsent(bool? value) => value is null;
    }

    private sealed class StringSetCodec : Codec<StringSet>
    {
        public override StringSet Absent => Ovn.StringSet.Empty;

        public override Value Encode(StringSet value) => value.Count == 0 ? Value.EmptySet : Value.Set(value);

        public override StringSet Decode(Value value)
        {
            var members = new string[value.Count];
            for (var i = 0; i < members.Length; i++)
                members[i] = value.Keys[i].AsString;
            return Ovn.StringSet.Create(members);
        }

        public override bool Matches(StringSet value, Value column)
        {
            if (value.Count != column.Count)
                return false;
            for (var i = 0; i < value.Count; i++)
            {
                if (!column.Contains(Atom.Of(value[i])))
                    return false;
            }
            return true;
        }

        public override bool IsAbsent(StringSet value) => value.Count == 0;
    }

    private sealed class StringMapCodec : Codec<StringMap>
    {
        public override StringMap Absent => Ovn.StringMap.Empty;

        public override Value Encode(StringMap value) => value.Count == 0 ? Value.EmptyMap : Value.Map(value);

        public override StringMap Decode(Value value)
        {
            var pairs = new KeyValuePair<string, string>[value.Count];
            for (var i = 0; i < pairs.Length; i++)
                pairs[i] = new(value.Keys[i].AsString, value.MapValues[i].AsString);
            return Ovn.StringMap.From(pairs);
        }

        public override bool Matches(StringMap value, Value column)
        {
            if (value.Count != column.Count)
                return false;
            for (var i = 0; i < value.Count; i++)
            {
                if (!string.Equals(value[i].Value, column.Get(value[i].Key), StringComparison.Ordinal))
                    return false;
            }
            return true;
        }

        public override bool IsAbsent(StringMap value) => value.Count == 0;
    }
}
