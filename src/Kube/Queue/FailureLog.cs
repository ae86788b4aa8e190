namespace Sluice.Kube;

/// <summary>
/// Decides which failures are worth a line in the log. A server that is gone fails every key that is worked on, and each again and again: the
/// first failure of a cause is told, and after that one in a minute, with the number of those that were not.
/// </summary>
public sealed class FailureLog(TimeProvider time)
{
    /// <summary>More causes at a time than this are forgotten, so that what is different each time takes no memory.</summary>
    private const int MaxCauses = 256;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Kind, string Cause), Told> _told = [];

    /// <param name="kind">Of what has failed.</param>
    /// <param name="cause">Equal for failures that are told as one.</param>
    /// <param name="untold">How many failures of the cause were not told since the last that was.</param>
    /// <returns>Whether to tell of this one.</returns>
    public bool IsNews(string kind, string cause, out int untold)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            untold = 0;
            if (_told.TryGetValue((kind, cause), out var told))
            {
                if (time.GetElapsedTime(told.At, now) < Interval)
                {
                    _told[(kind, cause)] = told with { Untold = told.Untold + 1 };
                    return false;
                }
                untold = told.Untold;
            }
            if (_told.Count >= MaxCauses)
                _told.Clear();
            _told[(kind, cause)] = new(now, 0);
            return true;
        }
    }

    private readonly record struct Told(long At, int Untold);
}
