using System.CommandLine;
using Sluice.Ko.Explaining;
using Sluice.Ko.Reading;
using Sluice.Ko.Views;

namespace Sluice.Ko.Cli;

/// <summary>Checks what all addresses rest on.</summary>
internal static class DiagnoseCommand
{
    public static Command Create(KoProgram program)
    {
        var format = OutputOption.Create();
        var node = new Argument<string>("NODE");
        var ofNode = new Command("node", KoCommandLine.Describe("One node: its chassis, its bridges, its port", "diagnose node pc-node-1")) { node, format };
        ofNode.SetAction((result, cancellation) =>
            AnswerAsync(program, result.GetValue(format)!, survey => Diagnosis.OfNode(survey, result.GetValue(node)!), cancellation));

        var subnet = new Argument<string>("SUBNET");
        var ofSubnet = new Command("subnet", KoCommandLine.Describe("One subnet: its Vlan and its provider network", "diagnose subnet external204")) { subnet, format };
        ofSubnet.SetAction((result, cancellation) =>
            AnswerAsync(program, result.GetValue(format)!, survey => Diagnosis.OfSubnet(survey, result.GetValue(subnet)!), cancellation));

        var ofAll = new Command("all", KoCommandLine.Describe("The controller, all nodes, subnets and VPCs", "diagnose all")) { format };
        ofAll.SetAction((result, cancellation) => AnswerAsync(program, result.GetValue(format)!, Diagnosis.OfAll, cancellation));

        return new Command("diagnose", KoCommandLine.Describe("Check what all addresses rest on. The exit code is 0 if nothing is broken", "diagnose all"))
        {
            ofAll, ofNode, ofSubnet,
        };
    }

    private static async Task<int> AnswerAsync(KoProgram program, string format, Func<Survey, Explanation> diagnose, CancellationToken cancellation)
    {
        var diagnosis = diagnose(await program.SurveyAsync(cancellation));
        if (format == OutputOption.Json)
            await program.Output.WriteLineAsync(JsonView.Of(diagnosis));
        else
            TextView.Write(diagnosis, KoConsole.To(program.Output));
        return diagnosis.Works ? 0 : 1;
    }
}
