namespace Sluice.Plan.Addressing;

/// <summary>A value with a text form that belongs to one family, so that a <see cref="DualStack{T}"/> can hold one of each.</summary>
public interface IIpValue<T>
    where T : struct, IIpValue<T>
{
    IpFamily Family { get; }

    static abstract bool TryParse(ReadOnlySpan<char> text, out T value);
}
