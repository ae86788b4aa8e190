using System.Text;

namespace Sluice.Kube;

/// <summary>PEM text that stands in the configuration itself or in a file beside it.</summary>
public sealed record PemSource
{
    private readonly string? _text;

    private PemSource(string? text, string? path)
    {
        _text = text;
        Path = path;
    }

    /// <summary>Null for inline text.</summary>
    public string? Path { get; }

    public static PemSource Inline(string pem) => new(pem, null);

    public static PemSource File(string path) => new(null, path);

    /// <exception cref="KubeConfigException">The file cannot be read.</exception>
    public string Read()
    {
        if (Path is null)
            return _text!;
        try
        {
            return System.IO.File.ReadAllText(Path, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"Cannot read {Path}: {e.Message}", e);
        }
    }

    // May hold a private key.
    public override string ToString() => Path ?? "inline";
}
