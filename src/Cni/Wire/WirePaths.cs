namespace Sluice.Cni.Wire;

/// <summary>Where the agent answers on its unix socket.</summary>
internal static class WirePaths
{
    public const string Add = "/api/v1/add";
    public const string Del = "/api/v1/del";
    public const string Check = "/api/v1/check";
    public const string Gc = "/api/v1/gc";
    public const string Status = "/api/v1/status";
}
