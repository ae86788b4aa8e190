using Sluice.Ovn;

namespace Sluice.Controller.Loop;

/// <summary>Notices when each of some keys has been worked on without failing.</summary>
public sealed class FirstPass
{
    private readonly Lock _gate = new();
    private readonly HashSet<OwnerKey> _left;
    private readonly Action _done;

    /// <param name="done">Called once, by the worker that finishes the last key and before it takes another; at once when there are no keys.</param>
    public FirstPass(IEnumerable<OwnerKey> keys, ReconcileLoop loop, Action done)
    {
        (_left, _done) = ([.. keys.Where(key => loop.Serves(key.Kind))], done);
        if (_left.Count == 0)
            done();
        else
            loop.Reconciled += OnReconciled;
    }

    private void OnReconciled(OwnerKey key)
    {
        bool isDone;
        lock (_gate)
            isDone = _left.Remove(key) && _left.Count == 0;
        if (isDone)
            _done();
    }
}
