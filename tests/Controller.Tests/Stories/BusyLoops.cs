namespace Sluice.Controller.Tests.Stories;

/// <summary>
/// Threads that do nothing, as fast as they can, until they are disposed of: beside them others wait for a processor wherever they are, and
/// races show that show nowhere else.
/// </summary>
internal sealed class BusyLoops : IDisposable
{
    private readonly Thread[] _threads;
    private volatile bool _isOver;

    public BusyLoops(int count)
    {
        _threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(Spin) { IsBackground = true, Name = "busy" })];
        foreach (var thread in _threads) thread.Start();
    }

    public void Dispose()
    {
        _isOver = true;
        foreach (var thread in _threads) thread.Join();
    }

    private void Spin()
    {
        while (!_isOver) Thread.SpinWait(10_000);
    }
}
