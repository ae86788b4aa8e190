using Sluice.Lab.ControlPlane;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Tests.ControlPlane;

public sealed class ApiServerTests : IAsyncLifetime
{
    private ApiServer _server = null!;

    public async Task InitializeAsync() => _server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task An_identity_may_do_what_its_role_grants_and_nothing_else()
    {
        await _server.KubectlAsync("create", "clusterrole", "pod-reader", "--verb=list", "--resource=pods");
        await _server.KubectlAsync("create", "clusterrolebinding", "pod-reader", "--clusterrole=pod-reader", "--group=readers");
        var reader = await _server.CreateKubeConfigAsync("some:reader", "readers");

        (await new Command("kubectl", "--kubeconfig", reader, "get", "pods", "--all-namespaces").TryAsync()).ExitCode.ShouldBe(0);
        (await new Command("kubectl", "--kubeconfig", reader, "get", "nodes").TryAsync())
            .Error.ShouldContain("User \"some:reader\" cannot list resource \"nodes\"");
    }

    [Fact]
    public async Task What_was_stored_survives_a_killed_api_server()
    {
        await _server.KubectlAsync("create", "configmap", "kept", "--from-literal=a=b");

        await _server.ControlPlane.ApiServer.KillAsync();
        _server.ControlPlane.ApiServer.State.ShouldBe(ComponentState.Stopped);
        await _server.ControlPlane.ApiServer.StartAsync();

        (await _server.KubectlAsync("get", "configmap", "kept", "-o", "jsonpath={.data.a}")).ShouldBe("b");
    }
}
