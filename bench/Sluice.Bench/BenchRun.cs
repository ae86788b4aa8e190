namespace Sluice.Bench;

/// <summary>One run of the program: how thorough it is, and what was measured so far.</summary>
/// <param name="rounds">How often each figure is measured; medians are reported.</param>
/// <param name="largest">The largest size that growth is measured at.</param>
internal sealed class BenchRun(int rounds, int largest, TextWriter output)
{
    private readonly List<Figure> _figures = [];
    private readonly List<Curve> _curves = [];
    private readonly List<string> _notes = [];

    public int Rounds { get; } = rounds;

    public IReadOnlyList<Figure> Figures => _figures;

    public IReadOnlyList<Curve> Curves => _curves;

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>100, 1,000, 10,000 and 100,000, as far as this run and the scenario go.</summary>
    /// <param name="atMost">What the scenario can do in reasonable time.</param>
    public IEnumerable<int> Sizes(int atMost = 100_000)
    {
        for (var size = 100; size <= Math.Min(atMost, largest); size *= 10)
            yield return size;
    }

    public void Add(Figure figure)
    {
        _figures.Add(figure);
        output.WriteLine($"    {Report.Line(figure)}");
    }

    public void Add(Curve curve)
    {
        _curves.Add(curve);
        output.WriteLine($"    {curve}");
    }

    /// <summary>Something that the reader of the table has to know, such as a peer that is missing.</summary>
    public void Note(string note)
    {
        _notes.Add(note);
        output.WriteLine($"    {note}");
    }
}
