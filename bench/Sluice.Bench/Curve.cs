using System.Globalization;

namespace Sluice.Bench;

/// <summary>How a cost grows with the number of things.</summary>
/// <param name="Id">The budget that the cost belongs to, such as <c>P4</c>.</param>
/// <param name="What">What was done, as the title of a plot.</param>
/// <param name="Of">What there are <see cref="CurvePoint.Size"/> of, as the label of an axis.</param>
/// <param name="Unit">Unit of the cost.</param>
/// <param name="Lines">Ours first, then floors and peers.</param>
internal sealed record Curve(string Id, string What, string Of, string Unit, IReadOnlyList<CurveLine> Lines)
{
    public override string ToString() => $"{What}: " + string.Join("; ", Lines.Select(line =>
        $"{line.Name} " + string.Join(", ", line.Points.Select(point =>
            string.Create(CultureInfo.InvariantCulture, $"{point.Size:#,0}: {point.Cost:0.###} {Unit}")))));
}

/// <summary>One line of a <see cref="Curve"/>.</summary>
internal sealed record CurveLine(string Name, IReadOnlyList<CurvePoint> Points);

/// <summary>A cost at one size, a median.</summary>
internal readonly record struct CurvePoint(int Size, double Cost);
