namespace Sluice.Agent.Reconcile;

/// <summary>What is reconciled together.</summary>
/// <param name="Kind">A <see cref="IReconciler.Kind"/>.</param>
/// <param name="Name">Of the object; empty where a node has only one.</param>
internal readonly record struct AgentKey(string Kind, string Name)
{
    public override string ToString() => Name.Length == 0 ? Kind : $"{Kind}/{Name}";
}
