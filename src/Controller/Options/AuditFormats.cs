namespace Sluice.Controller.Options;

/// <summary>Values of <see cref="ControllerOptions.AuditFormat"/>.</summary>
public static class AuditFormats
{
    public const string Text = "text";
    public const string Json = "json";
}
