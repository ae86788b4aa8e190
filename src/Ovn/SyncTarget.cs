namespace Sluice.Ovn;

/// <summary>How far a change has to have come, see ovn-nb(5), "NB_Global".</summary>
public enum SyncTarget
{
    /// <summary>ovn-northd has written the southbound database: <c>sb_cfg</c>.</summary>
    Southbound,

    /// <summary>Every chassis has it in its flows: <c>hv_cfg</c>.</summary>
    Hypervisors,
}
