namespace Sluice.Api.Schema;

/// <summary>The schema of the property is an object of any content (<c>x-kubernetes-preserve-unknown-fields</c>).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PreserveUnknownFieldsAttribute : Attribute;
