namespace Sluice.Plan.Vpcs;

/// <summary>
/// That a rule gives what a source sends on an external network an address. OVN prefers the translation of the smaller source, and takes
/// either of two translations of the same one: so of the rules on a source only those with the OvnEip of the oldest are served.
/// </summary>
/// <param name="Network">Name of the external subnet.</param>
/// <param name="Source">Address or CIDR, as <see cref="AddressText"/> reads it.</param>
/// <param name="By">A claim of the rule on its OvnEip: who asks, since when, and for which address.</param>
internal sealed record SourceClaim(string Network, string Source, EipClaim By)
{
    private readonly int _placeHash = HashCode.Combine(Network, Source);

    /// <summary>Claims are equal that are on the same source in the same network.</summary>
    internal sealed class PlaceComparer : IEqualityComparer<SourceClaim>
    {
        public static PlaceComparer Instance { get; } = new();

        public bool Equals(SourceClaim? x, SourceClaim? y) =>
            ReferenceEquals(x, y) || (x!._placeHash == y!._placeHash && x.Source == y.Source && x.Network == y.Network);

        public int GetHashCode(SourceClaim claim) => claim._placeHash;
    }
}
