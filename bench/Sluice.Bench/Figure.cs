using System.Globalization;
using System.Text.Json.Serialization;

namespace Sluice.Bench;

/// <summary>One measured figure beside the floor or peer that was measured in the same run.</summary>
/// <param name="Id">The budget's name in docs/performance.md, such as <c>P5</c>.</param>
/// <param name="What">What was done; together with the id it names the figure in the baseline.</param>
/// <param name="Ours">Our figure in <paramref name="Unit"/>, a median.</param>
/// <param name="Floor">The floor's or peer's figure in the same unit, a median; absent where the budget is absolute.</param>
/// <param name="FloorName">What the floor is.</param>
/// <param name="Unit">Unit of both figures.</param>
/// <param name="Budget">The bound on <see cref="Ratio"/>, or on <paramref name="Ours"/> where there is no floor.</param>
/// <param name="AtLeast">Whether more is better, and the bound a lower one.</param>
internal sealed record Figure(
    string Id, string What, double Ours, double? Floor, string FloorName, string Unit, double? Budget, bool AtLeast = false)
{
    /// <summary>Ours divided by the floor.</summary>
    public double? Ratio => Floor is { } floor and not 0 ? Ours / floor : null;

    /// <summary>What the budget bounds, and what runs are compared by: the ratio, or our figure where there is none.</summary>
    [JsonIgnore]
    public double Bounded => Ratio ?? Ours;

    /// <summary>Whether the budget holds; absent where there is none.</summary>
    public bool? Within => Budget is { } budget ? AtLeast ? Bounded >= budget : Bounded <= budget : null;

    [JsonIgnore]
    public string Verdict => (Budget, Within) switch
    {
        (null, _) => "-",
        ({ } budget, var within) => string.Create(
            CultureInfo.InvariantCulture,
            $"{(AtLeast ? ">=" : "<=")} {budget:0.##}{(Ratio is null ? $" {Unit}" : " x")} {(within == true ? "met" : "MISSED")}"),
    };
}
