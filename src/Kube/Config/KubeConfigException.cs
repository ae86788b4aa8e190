namespace Sluice.Kube;

/// <summary>A configuration or a credential that cannot be used; the message names the file and the entry.</summary>
public sealed class KubeConfigException(string message, Exception? inner = null) : Exception(message, inner);
