namespace Sluice.Ko.Backends;

/// <summary>A way to a database server, open until disposed.</summary>
public interface IDatabaseLink : IAsyncDisposable
{
    /// <summary>What an OVSDB client connects to, as <c>ovsdb(7)</c> writes it.</summary>
    string Address { get; }
}

/// <summary>A server that can be reached as it is.</summary>
public sealed record DirectLink(string Address) : IDatabaseLink
{
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
