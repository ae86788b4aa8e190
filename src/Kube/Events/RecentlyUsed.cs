using System.Diagnostics.CodeAnalysis;

namespace Sluice.Kube;

/// <summary>A map that forgets what was used least recently. Not thread safe.</summary>
internal sealed class RecentlyUsed<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _order = [];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_nodes.TryGetValue(key, out var node))
        {
            value = default;
            return false;
        }

        _order.Remove(node);
        _order.AddFirst(node);
        value = node.Value.Value;
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        Remove(key);
        _nodes[key] = _order.AddFirst((key, value));
        if (_nodes.Count > capacity)
            Remove(_order.Last!.Value.Key);
    }

    public void Remove(TKey key)
    {
        if (_nodes.Remove(key, out var node))
            _order.Remove(node);
    }
}
