using System.CommandLine;
using Sluice.Ko.Explaining;
using Sluice.Ko.Views;

namespace Sluice.Ko.Cli;

/// <summary>Says why an address works or does not.</summary>
internal static class ExplainCommand
{
    private static readonly string[] Kinds = ["eip", "fip", "snat", "dnat", "pod"];

    public static Command Create(KoProgram program)
    {
        var kind = new Argument<string>("KIND") { Description = "eip, fip, snat, dnat or pod" };
        kind.AcceptOnlyFromAmong(Kinds);
        var name = new Argument<string>("NAME") { Description = "Name of the OvnEip, OvnFip, OvnSnatRule or OvnDnatRule; [NAMESPACE/]NAME of a pod" };
        var format = OutputOption.Create(OutputOption.Mermaid);
        var command = new Command("explain", KoCommandLine.Describe(
            "Say why an address works or does not: the cause first, then the whole path from the outside to the pod. The exit code is 0 if it works",
            "explain fip eip-static"))
        {
            kind, name, format,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var explainer = new Explainer(await program.SurveyAsync(cancellation));
            var explanation = Explain(explainer, result.GetValue(kind)!, result.GetValue(name)!);
            switch (result.GetValue(format))
            {
                case OutputOption.Json:
                    await program.Output.WriteLineAsync(JsonView.Of(explanation));
                    break;
                case OutputOption.Mermaid:
                    await program.Output.WriteAsync(MermaidView.Of(explanation));
                    break;
                default:
                    TextView.Write(explanation, KoConsole.To(program.Output));
                    break;
            }
            return explanation.Works ? 0 : 1;
        });
        return command;
    }

    private static Explanation Explain(Explainer explainer, string kind, string name) => kind switch
    {
        "eip" => explainer.Eip(name),
        "fip" => explainer.Fip(name),
        "snat" => explainer.Snat(name),
        "dnat" => explainer.Dnat(name),
        _ => explainer.Pod(PassThrough.Pod(name)),
    };
}
