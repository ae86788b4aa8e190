namespace Sluice.Controller.Tests.CrashPoints;

/// <summary>Where an effect is cut off.</summary>
internal enum Cut
{
    /// <summary>The request never leaves.</summary>
    Before,

    /// <summary>The request is carried out, and nobody learns of it.</summary>
    After,
}

/// <summary>What becomes of one effect.</summary>
internal enum Passage
{
    Passes,

    /// <summary>It does not happen.</summary>
    Fails,

    /// <summary>It happens, and the answer is lost.</summary>
    LosesAnswer,
}

/// <summary>
/// Counts what a controller does to the world outside, and cuts it off at one of these effects: for good, as its death would, or only
/// once, as a connection that breaks would.
/// </summary>
internal sealed class Fuse
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _blown = Completion();
    private bool _isArmed;
    private int _at;
    private Cut _cut;
    private bool _isForGood;
    private bool _isDead;
    private int _count;
    private (Random Random, int Every)? _chance;
    private int _cuts;
    private TaskCompletionSource? _held;
    private TaskCompletionSource _release = Completion();

    /// <summary>Effects since it was armed.</summary>
    public int Count
    {
        get { lock (_gate) return _count; }
    }

    /// <summary>Whether the effect to cut off was reached.</summary>
    public bool IsBlown => _blown.Task.IsCompleted;

    /// <summary>Whether nothing passes any more.</summary>
    public bool IsDead
    {
        get { lock (_gate) return _isDead; }
    }

    /// <summary>Completes when <see cref="IsBlown"/>.</summary>
    public Task Blown => _blown.Task;

    /// <summary>Counts from now on.</summary>
    /// <param name="at">The effect to cut off, from 1; 0 only counts.</param>
    /// <param name="isForGood">Whether nothing passes after that.</param>
    public void Arm(int at = 0, Cut cut = Cut.Before, bool isForGood = true)
    {
        lock (_gate) (_isArmed, _at, _cut, _isForGood) = (true, at, cut, isForGood);
    }

    /// <summary>Effects that were cut off.</summary>
    public int Cuts
    {
        get { lock (_gate) return _cuts; }
    }

    /// <summary>From now on cuts off one effect of so many, once each, before or after it as it happens.</summary>
    public void ArmAtRandom(Random random, int every)
    {
        lock (_gate) _chance = (random, every);
    }

    /// <summary>Lets everything pass from now on, but for what is dead.</summary>
    public void Disarm()
    {
        lock (_gate) (_isArmed, _chance) = (false, null);
    }

    /// <summary>Asks whether an effect may happen.</summary>
    public Passage Enter()
    {
        lock (_gate)
        {
            if (_isDead) return Passage.Fails;
            if (_chance is var (random, every) && random.Next(every) == 0)
            {
                _cuts++;
                return random.Next(2) == 0 ? Passage.Fails : Passage.LosesAnswer;
            }
            if (!_isArmed || ++_count != _at) return Passage.Passes;
            _cuts++;
            _isDead = _isForGood;
            if (_cut == Cut.After) return Passage.LosesAnswer;
        }
        Blow();
        return Passage.Fails;
    }

    /// <summary>An effect whose answer is lost has happened.</summary>
    public void Blow() => _blown.TrySetResult();

    /// <summary>From now on transactions wait on their way until <see cref="Release"/>.</summary>
    /// <returns>Completes when one does.</returns>
    public Task Hold()
    {
        lock (_gate)
        {
            (_held, _release) = (Completion(), Completion());
            return _held.Task;
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            _held = null;
            _release.TrySetResult();
        }
    }

    /// <summary>Returns when nothing is held.</summary>
    public Task WaitAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_held is null) return Task.CompletedTask;
            _held.TrySetResult();
            return _release.Task.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource Completion() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
