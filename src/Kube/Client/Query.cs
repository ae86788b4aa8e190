using System.Text;

namespace Sluice.Kube;

/// <summary>Builds a query string; absent values leave no trace.</summary>
internal readonly struct Query(string path)
{
    private readonly StringBuilder _text = new(path);

    public Query With(string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return this;
        _text.Append(_text.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?')
            .Append(name)
            .Append('=')
            .Append(Uri.EscapeDataString(value));
        return this;
    }

    public override string ToString() => _text.ToString();
}
