namespace Sluice.Tests.Adoption;

/// <summary>Commands for <c>ovn-nbctl</c>, which runs them in one transaction.</summary>
internal sealed class NbctlScript
{
    private readonly List<string> _arguments = [];
    private int _rows;

    public IReadOnlyList<string> Arguments => _arguments;

    /// <summary>Creates a row that needs no other.</summary>
    /// <param name="columns"><c>column=value</c>, or <c>column:key=value</c>; values are quoted here.</param>
    /// <returns>How other commands refer to the row.</returns>
    public string Create(string table, params IEnumerable<(string Column, string Value)> columns)
    {
        var id = $"@r{_rows++}";
        Add([$"--id={id}", "create", table, .. columns.Select(column => $"{column.Column}={Quote(column.Value)}")]);
        return id;
    }

    /// <summary>Creates a row and puts it into a set of another, which has a name.</summary>
    public string Create(string parentTable, string parent, string set, string table, params IEnumerable<(string Column, string Value)> columns)
    {
        var id = Create(table, columns);
        AddTo(parentTable, parent, set, id);
        return id;
    }

    /// <summary>Puts a row into a set of another.</summary>
    public void AddTo(string parentTable, string parent, string set, string row) => Add(["add", parentTable, parent, set, row]);

    private void Add(IEnumerable<string> command)
    {
        if (_arguments.Count > 0)
            _arguments.Add("--");
        _arguments.AddRange(command);
    }

    /// <summary>Quotes what the parser of ovn-nbctl would otherwise take apart; numbers have to stay as they are.</summary>
    private static string Quote(string value) => value.All(char.IsAsciiDigit) ? value : $"\"{value}\"";
}
