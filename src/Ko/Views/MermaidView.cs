using System.Globalization;
using System.Text;
using Sluice.Ko.Explaining;

namespace Sluice.Ko.Views;

/// <summary>An explanation as a flowchart (https://mermaid.js.org/syntax/flowchart.html): what is broken is red.</summary>
internal static class MermaidView
{
    public static string Of(Explanation explanation)
    {
        var text = new StringBuilder("flowchart TD\n");
        var index = 0;
        foreach (var step in explanation.Path)
        {
            text.Append(CultureInfo.InvariantCulture, $"  s{index}[\"{Escape(step.Kind)} {Escape(step.Name)}<br/>{Escape(step.Summary)}\"]:::{Class(step, explanation)}\n");
            if (index > 0)
                text.Append(CultureInfo.InvariantCulture, $"  s{index - 1} --> s{index}\n");
            index++;
        }
        return text
            .Append("  classDef ok fill:#dfd,stroke:#080\n")
            .Append("  classDef note fill:#ffd,stroke:#880\n")
            .Append("  classDef bad fill:#fdd,stroke:#800\n")
            .Append("  classDef cause fill:#f88,stroke:#800,stroke-width:4px\n")
            .ToString();
    }

    private static string Class(Step step, Explanation explanation) => step.State switch
    {
        StepState.Ok => "ok",
        StepState.Warning => "note",
        _ => step == explanation.Cause ? "cause" : "bad",
    };

    /// <summary>Inside quotes only these have a meaning; entities are written with # instead of &amp;.</summary>
    private static string Escape(string text) =>
        text.Replace("#", "#35;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal)
            .Replace("<", "#lt;", StringComparison.Ordinal).Replace(">", "#gt;", StringComparison.Ordinal);
}
