using System.Globalization;
using System.Runtime.InteropServices;

namespace Sluice.Lab.Processes;

/// <summary>
/// A process that cannot be mistaken for another one: a pid is reused, a pid together with the
/// moment the kernel started it is not (proc(5), field <c>starttime</c> of /proc/PID/stat).
/// </summary>
public readonly partial record struct ProcessIdentity(int Pid, ulong StartTime)
{
    /// <summary>The process that has <paramref name="pid"/> now; null when there is none or only its zombie.</summary>
    /// <remarks>The first thread may have ended while others still do, and with them their files and sockets.</remarks>
    public static ProcessIdentity? Of(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            return null;
        }

        // The second field is the program's name in parentheses and may itself contain spaces and parentheses.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        const int state = 0, threads = 17, startTime = 19;
        return fields[state] is "Z" or "X" && int.Parse(fields[threads], CultureInfo.InvariantCulture) <= 1
            ? null
            : new ProcessIdentity(pid, ulong.Parse(fields[startTime], CultureInfo.InvariantCulture));
    }

    public static ProcessIdentity Parse(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(int.Parse(parts[0], CultureInfo.InvariantCulture), ulong.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public bool IsRunning => Of(Pid) == this;

    /// <summary>Sends a signal to exactly this process; false when it is no longer there.</summary>
    public bool Send(Signal signal)
    {
        // The descriptor pins the process, so nobody can take over its pid between the check and the signal.
        var descriptor = OpenProcess(Pid, 0);
        if (descriptor < 0)
            return false;
        try
        {
            return IsRunning && SendSignal(descriptor, (int)signal, 0, 0) == 0;
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Pid} {StartTime}");

    [LibraryImport("libc", EntryPoint = "pidfd_open")]
    private static partial int OpenProcess(int pid, uint flags);

    [LibraryImport("libc", EntryPoint = "pidfd_send_signal")]
    private static partial int SendSignal(int descriptor, int signal, nint info, uint flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
