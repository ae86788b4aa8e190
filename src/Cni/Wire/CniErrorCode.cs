namespace Sluice.Cni.Wire;

/// <summary>Error codes of the CNI specification, section 5 "Error"; 1 to 99 are reserved there.</summary>
internal static class CniErrorCode
{
    public const int IncompatibleVersion = 1;
    public const int UnsupportedField = 2;
    public const int UnknownContainer = 3;
    public const int InvalidEnvironment = 4;
    public const int Io = 5;
    public const int Decoding = 6;
    public const int InvalidNetworkConfig = 7;
    public const int TryAgainLater = 11;

    /// <summary>STATUS: the plugin cannot serve ADD requests.</summary>
    public const int NotAvailable = 50;

    /// <summary>First code that a plugin may define itself. CHECK: the interface is not as it was made.</summary>
    public const int CheckFailed = 100;
}
