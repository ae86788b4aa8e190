using Sluice.Controller.Tests.Support;

namespace Sluice.Controller.Tests.CrashPoints;

/// <summary>Something that users do, at each point of which the controller may die.</summary>
/// <param name="Prepare">What there is before.</param>
/// <param name="Act">What happens; does not wait for the controller, but may wait for objects to be gone.</param>
internal sealed record CrashStory(string Name, Func<World, Task> Prepare, Func<World, Task> Act)
{
    public override string ToString() => Name;
}
