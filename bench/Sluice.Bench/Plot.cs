using System.Globalization;
using System.Net;
using System.Text;

namespace Sluice.Bench;

/// <summary>Draws a curve as SVG with logarithmic axes, on which a cost that grows linearly is a line of slope one.</summary>
internal static class Plot
{
    private const int Width = 640;
    private const int Height = 360;
    private const int Left = 70;
    private const int Right = 150;
    private const int Top = 40;
    private const int Bottom = 50;

    private static readonly string[] Colours = ["#0b6", "#888", "#c60", "#06c", "#a3a"];

    public static string Of(Curve curve)
    {
        var points = curve.Lines.SelectMany(line => line.Points).Where(point => point.Cost > 0).ToArray();
        if (points.Length == 0)
            throw new ArgumentException($"\"{curve.What}\" has no points", nameof(curve));
        var x = Axis.Around(points.Select(point => (double)point.Size), Left, Width - Right);
        var y = Axis.Around(points.Select(point => point.Cost), Height - Bottom, Top);

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12">""").Append('\n');
        svg.Append(CultureInfo.InvariantCulture, $"""<rect width="{Width}" height="{Height}" fill="#fff"/>""").Append('\n');
        Text(svg, Left, 20, $"{curve.Id}: {curve.What} ({curve.Unit})", "start", 14);
        Text(svg, (Left + Width - Right) / 2.0, Height - 12, curve.Of, "middle");
        foreach (var tick in x.Ticks)
        {
            Line(svg, x.At(tick), Top, x.At(tick), Height - Bottom);
            Text(svg, x.At(tick), Height - Bottom + 16, Number(tick), "middle");
        }
        foreach (var tick in y.Ticks)
        {
            Line(svg, Left, y.At(tick), Width - Right, y.At(tick));
            Text(svg, Left - 6, y.At(tick) + 4, Number(tick), "end");
        }
        foreach (var (number, line) in curve.Lines.Index())
            Draw(svg, line, Colours[number % Colours.Length], number, x, y);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, CurveLine line, string colour, int number, Axis x, Axis y)
    {
        var points = line.Points.Where(point => point.Cost > 0).Select(point => (X: x.At(point.Size), Y: y.At(point.Cost))).ToArray();
        var path = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}")));
        svg.Append(CultureInfo.InvariantCulture, $"""<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>""").Append('\n');
        foreach (var point in points)
            svg.Append(CultureInfo.InvariantCulture, $"""<circle cx="{point.X:0.#}" cy="{point.Y:0.#}" r="3" fill="{colour}"/>""").Append('\n');
        var label = Top + 8 + (number * 18);
        svg.Append(CultureInfo.InvariantCulture, $"""<rect x="{Width - Right + 12}" y="{label - 9}" width="10" height="10" fill="{colour}"/>""").Append('\n');
        Text(svg, Width - Right + 27, label, line.Name, "start");
    }

    private static void Line(StringBuilder svg, double x1, double y1, double x2, double y2) =>
        svg.Append(CultureInfo.InvariantCulture, $"""<line x1="{x1:0.#}" y1="{y1:0.#}" x2="{x2:0.#}" y2="{y2:0.#}" stroke="#ddd"/>""").Append('\n');

    private static void Text(StringBuilder svg, double x, double y, string text, string anchor, int size = 12) =>
        svg.Append(CultureInfo.InvariantCulture, $"""<text x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}" font-size="{size}">{WebUtility.HtmlEncode(text)}</text>""").Append('\n');

    private static string Number(double value) => value.ToString(value >= 1 ? "#,0" : "0.######", CultureInfo.InvariantCulture);

    /// <summary>A logarithmic axis from power of ten to power of ten.</summary>
    private readonly record struct Axis(int First, int Last, double From, double To)
    {
        public IEnumerable<double> Ticks
        {
            get
            {
                for (var power = First; power <= Last; power++)
                    yield return Math.Pow(10, power);
            }
        }

        public static Axis Around(IEnumerable<double> values, double from, double to)
        {
            var powers = values.Select(Math.Log10).ToArray();
            var first = (int)Math.Floor(powers.Min());
            return new(first, Math.Max(first + 1, (int)Math.Ceiling(powers.Max())), from, to);
        }

        public double At(double value) => From + ((Math.Log10(value) - First) / (Last - First) * (To - From));
    }
}
