using System.Text.Json;

namespace Sluice.Ovsdb;

/// <summary>Decodes what the reader stands at, on the read loop.</summary>
internal delegate T JsonReaderFunc<out T>(ref Utf8JsonReader reader);

/// <summary>A request whose reply has not come yet.</summary>
internal abstract class PendingCall
{
    public abstract void Succeed(ref Utf8JsonReader result);

    public abstract void Fail(Exception exception);
}

/// <inheritdoc/>
internal sealed class PendingCall<T>(JsonReaderFunc<T> read) : PendingCall
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _completion.Task;

    public override void Succeed(ref Utf8JsonReader result)
    {
        T value;
        try
        {
            value = read(ref result);
        }
        catch (OvsdbException e) when (e.Error is not null)
        {
            _completion.TrySetException(e);
            return;
        }

        _completion.TrySetResult(value);
    }

    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
