namespace Sluice.Agent.Netlink;

/// <summary>Something about an interface changed: itself or an address of it.</summary>
/// <param name="Index">Zero when events were lost: then anything may have changed.</param>
/// <param name="Name">Empty when the event does not say.</param>
internal readonly record struct LinkEvent(int Index, string Name);
