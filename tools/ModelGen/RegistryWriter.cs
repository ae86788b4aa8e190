using System.Collections.Immutable;

namespace Sluice.ModelGen;

/// <summary>Writes the list of all modelled tables of one database.</summary>
internal static class RegistryWriter
{
    public static string Write(DatabaseSchema database, string folder, ImmutableArray<TableModel> tables) =>
        $$"""
        {{database.Header}}
        #nullable enable
        using System.Collections.Immutable;
        using Sluice.Ovn.Model;

        namespace Sluice.Ovn.{{folder}};

        /// <summary>The tables of <c>{{database.Name}}</c> that are modelled.</summary>
        internal static class {{folder}}Tables
        {
            public static ImmutableArray<TableModel> All { get; } =
            [
        {{string.Join(Environment.NewLine, tables.Select(table => $"        {table.ClassName}.Model,"))}}
            ];
        }

        """;
}
