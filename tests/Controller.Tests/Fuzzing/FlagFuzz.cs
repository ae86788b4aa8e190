using Sluice.Controller.Options;
using Sluice.Fuzzing;
using Xunit.Abstractions;

namespace Sluice.Controller.Tests.Fuzzing;

/// <summary>Whatever stands on the command line is read, or refused with a message.</summary>
public sealed class FlagFuzz(ITestOutputHelper output)
{
    [Fact]
    public void Durations_and_flags()
    {
        string[] corpus =
        [
            "--ovn-timeout=60", "--worker-num=3", "--default-cidr=10.16.0.0/16,fd00:10:16::/112", "--lease-duration=15s", "--default-exclude-ips=10.0.0.1..10.0.0.9",
            "--ovn-nb-addr=tcp:[127.0.0.1]:6641,ssl:[::1]:6641", "1m30s", "500ms", "1.5h", "0",
        ];
        var inputs = 0;
        foreach (var text in Fuzz.Texts(10_000, corpus))
        {
            inputs++;
            Read(() => ControllerFlags.Parse([$"--leader-elect-lease-duration={text}"], _ => null));
            Read(() => ControllerFlags.Parse([text], _ => null));
        }
        output.WriteLine($"figure: {inputs} durations and flags of the controller read or refused");
    }

    private static void Read<T>(Func<T> read)
    {
        try
        {
            read();
        }
        catch (FormatException e)
        {
            e.Message.ShouldNotBeEmpty();
        }
    }
}
