using Sluice.Ovsdb;

namespace Sluice.Ovn.Tests.Support;

/// <summary>Operations of people and programs that are not us.</summary>
internal static class Ops
{
    public static readonly Value KubeOvn = Map(("vendor", "kube-ovn"));

    public static Insert Insert(string table, params (string Column, Value Value)[] columns) => InsertAs(null, table, columns);

    /// <param name="name">How other operations refer to the row, by <see cref="Named"/>.</param>
    public static Insert InsertAs(string? name, string table, params (string Column, Value Value)[] columns) =>
        new(table, [.. columns.Select(column => KeyValuePair.Create(column.Column, column.Value))], name);

    public static Insert InsertNat(string name, string type, string external, string logical, Value? ids = null) =>
        InsertAs(
            name,
            "NAT",
            ("type", Text(type)), ("external_ip", Text(external)), ("logical_ip", Text(logical)), ("external_ids", ids ?? Value.EmptyMap));

    public static Mutate Add(Row parent, string column, Value members) =>
        new(parent.Schema.Name, [Condition.Uuid(parent.Uuid)], [new(column, Mutator.Insert, members)]);

    public static Mutate Remove(Row parent, string column, Row member) =>
        new(parent.Schema.Name, [Condition.Uuid(parent.Uuid)], [new(column, Mutator.Delete, Value.Of(member.Uuid))]);

    public static Value Text(string text) => Value.Of(text);

    public static Value Named(string name) => Value.Of(Atom.Named(name));

    public static Value Map(params (string Key, string Value)[] pairs) =>
        Value.Map(pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));
}
