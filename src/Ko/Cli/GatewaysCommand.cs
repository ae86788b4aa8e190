using System.CommandLine;
using System.Globalization;
using Sluice.Ko.Gateways;
using Sluice.Ko.Views;
using Spectre.Console;

namespace Sluice.Ko.Cli;

/// <summary>Says which chassis carries the external port of each router.</summary>
internal static class GatewaysCommand
{
    public static Command Create(KoProgram program)
    {
        var format = OutputOption.Create();
        var command = new Command("gateways", KoCommandLine.Describe(
            "Show who may carry the external port of each VPC, who does, and the BFD sessions behind it. The exit code is 0 if every port is carried", "gateways"))
        {
            format,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var ports = GatewayReport.Of(await program.SurveyAsync(cancellation));
            if (result.GetValue(format) == OutputOption.Json)
                await program.Output.WriteLineAsync(JsonView.Of(ports));
            else
                Write(ports, KoConsole.To(program.Output));
            return ports.All(port => port.Chassis.Any(member => member.IsActive)) ? 0 : 1;
        });
        return command;
    }

    private static void Write(IReadOnlyList<GatewayPort> ports, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("VPC", "PORT", "NETWORKS", "NODE", "CHASSIS", "PRIORITY", "STATE");
        foreach (var port in ports)
        {
            foreach (var member in port.Chassis)
            {
                table.AddRow(
                    port.Vpc, port.Port, port.Networks, member.Node ?? "", member.Chassis, member.Priority.ToString(CultureInfo.InvariantCulture),
                    member.IsActive ? "active" : member.IsRegistered ? "standby" : "down");
            }
            foreach (var session in port.Sessions)
                table.AddRow(port.Vpc, port.Port, "", "", $"BFD {session.Destination}", "", session.Status);
        }
        console.Write(table);
    }
}
