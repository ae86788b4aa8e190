using Sluice.Ko.Explaining;
using Sluice.Ko.Views;

namespace Sluice.Ko.Tests.Explaining;

public sealed class ViewTests
{
    private static readonly Explanation Broken = new("OvnFip", "fip",
    [
        new(Layer.Rule, "OvnFip", "fip", StepState.Broken, "10.0.0.1 <-> \"x\" #1"),
        new(Layer.Eip, "OvnEip", "eip", StepState.Broken, "no address"),
        new(Layer.Vlan, "Vlan", "v", StepState.Warning, "[odd]"),
    ]);

    [Fact]
    public void The_lowest_broken_step_is_the_cause() => Broken.Cause!.Kind.ShouldBe("OvnEip");

    [Fact]
    public void The_text_begins_with_the_cause()
    {
        using var output = new StringWriter();

        TextView.Write(Broken, KoConsole.To(output));

        output.ToString().Split('\n').Select(line => line.TrimEnd()).ShouldBe(
        [
            "OvnFip fip does not work: no address",
            "",
            "BAD  OvnFip fip 10.0.0.1 <-> \"x\" #1",
            "BAD  OvnEip eip no address",
            "note Vlan   v   [odd]",
            "",
        ]);
    }

    [Fact]
    public void A_long_line_is_not_broken_outside_of_a_terminal()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 200));
        using var output = new StringWriter();

        TextView.Write(new("OvnFip", "fip", [new(Layer.Rule, "OvnFip", "fip", StepState.Broken, words)]), KoConsole.To(output));

        output.ToString().Split('\n').Select(line => line.TrimEnd()).ShouldBe([$"OvnFip fip does not work: {words}", "", $"BAD OvnFip fip {words}", ""]);
    }

    [Fact]
    public void The_flowchart_marks_the_cause_and_escapes_what_has_a_meaning_there() => MermaidView.Of(Broken).ShouldStartWith(
        """
        flowchart TD
          s0["OvnFip fip<br/>10.0.0.1 #lt;-#gt; #quot;x#quot; #35;1"]:::bad
          s1["OvnEip eip<br/>no address"]:::cause
          s0 --> s1
          s2["Vlan v<br/>[odd]"]:::note
          s1 --> s2
          classDef ok
        """);

    [Fact]
    public void The_json_has_the_cause_and_the_path()
    {
        using var json = System.Text.Json.JsonDocument.Parse(JsonView.Of(Broken));

        json.RootElement.GetProperty("works").GetBoolean().ShouldBeFalse();
        json.RootElement.GetProperty("cause").GetProperty("summary").GetString().ShouldBe("no address");
        json.RootElement.GetProperty("path").EnumerateArray().Select(step => step.GetProperty("state").GetString()).ShouldBe(["Broken", "Broken", "Warning"]);
    }
}
