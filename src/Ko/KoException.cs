namespace Sluice.Ko;

/// <summary>What was asked for can not be done; the message says why, to a person.</summary>
public sealed class KoException(string message) : Exception(message);
