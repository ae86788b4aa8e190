namespace Sluice.Lab.Demo;

/// <summary>Something that the walkthrough claims, whether it held, and what was seen.</summary>
/// <param name="Section">The section of the page that says so.</param>
/// <param name="Duration">From the first look to the verdict.</param>
public sealed record Proof(string Section, string Claim, bool Held, string Evidence, TimeSpan Duration);

/// <summary>A claim of the walkthrough does not hold; the message says what was seen instead.</summary>
internal sealed class DisproofException(string message) : Exception(message);
