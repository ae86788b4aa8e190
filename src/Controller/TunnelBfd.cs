using System.Globalization;
using Sluice.Ovn;

namespace Sluice.Controller;

/// <summary>
/// How fast nodes find out that a gateway node is gone: ovn-controller(8) watches the tunnels between them by BFD, with the intervals that
/// NB_Global.options of ovn-nb(5) says. OVN's own default, a second, interrupts public traffic for 2.5 seconds.
/// </summary>
internal static class TunnelBfd
{
    private static readonly string[] Options = ["bfd-min-rx", "bfd-min-tx"];

    /// <summary>Sets what nobody has set: an operator's choice stays.</summary>
    /// <param name="interval">In milliseconds; zero leaves everything to OVN.</param>
    public static async Task SetAsync(NorthboundDatabase northbound, int interval, CancellationToken cancellation)
    {
        if (interval == 0)
            return;
        var value = interval.ToString(CultureInfo.InvariantCulture);
        foreach (var option in Options)
        {
            if (northbound.Global.Current?.Options[option] is null)
                await northbound.Global.SetOptionAsync(option, value, cancellation);
        }
    }
}
