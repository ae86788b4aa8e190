namespace Sluice.Ovsdb;

/// <summary>
/// A lock of the database server (RFC 7047 section 4.1.8): at most one client owns it. Transactions that begin with
/// <see cref="Assert"/> are refused unless the lock is owned at commit, which is what makes a late writer harmless.
/// </summary>
public sealed class OvsdbLock
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _owned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal OvsdbLock(string name) => Name = name;

    /// <summary>Says on the read loop that the lock was won (true) or lost.</summary>
    public event Action<bool>? Changed;

    public string Name { get; }

    /// <summary>Whether the lock was ours when we last heard of it. Only an <see cref="Assert"/> is proof.</summary>
    public bool Owned { get; private set; }

    public Task WaitOwnedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _owned.Task.WaitAsync(cancellationToken);
    }

    internal void Set(bool owned)
    {
        lock (_gate)
        {
            if (Owned == owned)
                return;
            Owned = owned;
            if (owned)
                _owned.TrySetResult();
            else
                _owned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Changed?.Invoke(owned);
    }
}
