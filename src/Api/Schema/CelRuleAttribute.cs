namespace Sluice.Api.Schema;

/// <summary>
/// A validation rule in the Common Expression Language, written to <c>x-kubernetes-validations</c> of the schema of the class or
/// property it stands on. API servers before 1.25 ignore such rules, so what OVN depends on is also checked by the plans.
/// </summary>
/// <param name="rule">The expression; <c>self</c> is the value and <c>oldSelf</c> what it replaces.</param>
/// <param name="message">What the user reads when the rule does not hold.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true, Inherited = false)]
public sealed class CelRuleAttribute(string rule, string message) : Attribute
{
    public string Rule { get; } = rule;

    public string Message { get; } = message;
}
