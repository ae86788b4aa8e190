using Sluice.Lab.Processes;

namespace Sluice.Lab.Tests.Mechanics;

public sealed class ComponentTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sluice-component-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Starts_pauses_resumes_and_stops_one_process()
    {
        var component = Component(new Command("sleep", "60"));
        component.State.ShouldBe(ComponentState.Stopped);

        await component.StartAsync();
        var process = component.Process.ShouldNotBeNull();
        await component.StartAsync();
        component.Process.ShouldBe(process);

        component.Pause();
        await WaitForAsync(component, ComponentState.Paused);
        component.Resume();
        await WaitForAsync(component, ComponentState.Running);

        component.Pause();
        await component.StopAsync();
        component.State.ShouldBe(ComponentState.Stopped);
        process.IsRunning.ShouldBeFalse();
    }

    [Fact]
    public async Task Kills_what_does_not_want_to_end()
    {
        var ready = Path.Combine(_directory, "ready");
        var component = Component(new Command("sh", "-c", $"trap '' TERM; touch {ready}; while :; do sleep 1; done"))
            with
        { StopTimeout = TimeSpan.FromMilliseconds(200), IsReady = _ => Task.FromResult(File.Exists(ready)) };
        await component.StartAsync();

        await component.StopAsync();

        component.State.ShouldBe(ComponentState.Stopped);
    }

    /// <summary>A killed program of many threads: its sockets are there until the last thread is gone.</summary>
    [Fact]
    public async Task One_whose_first_thread_has_ended_is_still_there()
    {
        var component = Component(new Command("python3", "-c",
            "import ctypes, threading, time; threading.Thread(target=lambda: time.sleep(60)).start(); ctypes.CDLL(None).pthread_exit(None)"));
        await component.StartAsync();
        var process = component.Process.ShouldNotBeNull();
        await Eventually.HoldsAsync(
            async () => (await File.ReadAllTextAsync($"/proc/{process.Pid}/stat")).Contains(") Z ", StringComparison.Ordinal), () => "its first thread goes on");

        process.IsRunning.ShouldBeTrue();
        await component.KillAsync();
        process.IsRunning.ShouldBeFalse();
    }

    [Fact]
    public async Task Never_touches_a_process_that_only_has_the_same_pid()
    {
        var component = Component(new Command("sleep", "60"));
        var self = ProcessIdentity.Of(Environment.ProcessId)!.Value;
        await File.WriteAllTextAsync(Path.Combine(_directory, "sleeper.process"), $"{self.Pid} {self.StartTime - 1}");

        component.State.ShouldBe(ComponentState.Stopped);
        await component.KillAsync();
        new ProcessIdentity(self.Pid, self.StartTime - 1).Send(Signal.Kill).ShouldBeFalse();
    }

    [Fact]
    public async Task Tells_what_a_program_said_before_it_failed()
    {
        var component = Component(new Command("sh", "-c", "echo no such luck; exit 3")) with { IsReady = _ => Task.FromResult(false) };

        (await Should.ThrowAsync<ComponentException>(() => component.StartAsync())).Message.ShouldBe("sleeper ended while starting\n    no such luck");
    }

    private Component Component(Command command) => new() { Name = "sleeper", Directory = _directory, Command = command };

    private static async Task WaitForAsync(Component component, ComponentState state)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (component.State != state)
            await Task.Delay(10, patience.Token);
    }
}
