using System.CommandLine;

namespace Sluice.Ko.Cli;

/// <summary>The option <c>-o</c>.</summary>
internal static class OutputOption
{
    public const string Text = "text";
    public const string Json = "json";
    public const string Mermaid = "mermaid";

    /// <param name="more">Formats besides text and json.</param>
    public static Option<string> Create(params string[] more)
    {
        string[] formats = [Text, Json, .. more];
        var option = new Option<string>("--output", "-o") { Description = string.Join(", ", formats), DefaultValueFactory = _ => Text };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }
}
