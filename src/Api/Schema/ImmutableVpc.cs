namespace Sluice.Api.Schema;

/// <summary>A rule that moved to another VPC would be another rule.</summary>
internal static class ImmutableVpc
{
    public const string Rule = "!has(oldSelf.vpc) || oldSelf.vpc == '' || (has(self.vpc) && self.vpc == oldSelf.vpc)";
    public const string Message = "vpc cannot be changed; create another rule";
}
