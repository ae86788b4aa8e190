using Sluice.Ovn.Model;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>A database row of the owner that the plan does not want.</summary>
internal readonly record struct SurplusRow(BoundTable Table, Row Row);
