using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Lab.Processes;

namespace Sluice.Controller.Tests.Admission;

/// <summary>
/// A world whose controller reviews, with a rule (f1) from an OvnEip (e1) of the walkthrough's external network to a Vip (p1) of a subnet
/// (s1) of a Vpc (v1). For all tests of one class: making it takes longer than a test.
/// </summary>
public sealed class ReviewedWorld(ApiServerFixture server) : IAsyncLifetime
{
    private World? _world;
    private WebhookFixture? _webhook;

    public KubeClient Kube => server.Kube;

    public async Task InitializeAsync()
    {
        _webhook = await WebhookFixture.RegisterAsync(server);
        _world = await World.StartAsync(server, _webhook.Options);
        await _webhook.AnswersAsync();
        await _world.CreateExternalNetworkAsync();
        await _world.CreateAsync(SluiceResources.Vpcs, new Vpc { Metadata = new() { Name = "v1" }, Spec = new() { EnableExternal = true } });
        await _world.CreateAsync(SluiceResources.Subnets, InternalSubnet("s1", "10.0.1.0/24"));
        await _world.CreateAsync(SluiceResources.Vips, Vip("p1"));
        await _world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("e1"));
        await _world.CreateAsync(SluiceResources.OvnFips, Fip("f1", "e1"));
        await _world.EventuallyAsync(SluiceResources.OvnFips, "f1", rule => rule.Status is not null);
        await _world.Controller.SettleAsync();
    }

    public async Task DisposeAsync()
    {
        await _webhook!.UnregisterAsync();
        await _world!.DisposeAsync();
    }

    public Task<T> EventuallyAsync<T>(ResourceType<T> type, string name, Func<T, bool> condition)
        where T : KubeObject => _world!.EventuallyAsync(type, name, condition);

    /// <summary>How often the controller has written the metadata of objects of a kind.</summary>
    public string MetadataWrites(string kind) =>
        _world!.Controller.Metrics.Split('\n').SingleOrDefault(line => line.StartsWith($"sluice_api_writes_total{{kind=\"{kind}\",verb=\"metadata\"}}", StringComparison.Ordinal)) ?? "none";

    public Task EventuallyGoneAsync<T>(ResourceType<T> type, string name)
        where T : KubeObject => _world!.EventuallyGoneAsync(type, name);

    /// <summary>Why a deletion is refused; empty when it is not.</summary>
    public async Task<string> DeletionAsync<T>(ResourceType<T> type, string name)
        where T : KubeObject
    {
        try
        {
            await Kube.DeleteAsync(type, null, name);
            return "";
        }
        catch (KubeException e) when (e.IsForbidden)
        {
            return e.Message;
        }
    }

    /// <summary>Whether a deletion would be refused with these words. Nothing is deleted.</summary>
    public async Task<bool> WouldRefuseDeletionAsync(string item, string words)
    {
        try
        {
            await server.KubectlAsync("delete", "--dry-run=server", item);
            return false;
        }
        catch (CommandException e)
        {
            return e.Message.Contains(words, StringComparison.Ordinal);
        }
    }

    /// <summary>Why a change is refused; empty when it is not.</summary>
    public async Task<string> ChangeAsync<T>(ResourceType<T> type, string name, Func<T, T> change)
        where T : KubeObject
    {
        while (true)
        {
            try
            {
                await Kube.ReplaceAsync(type, change(await Kube.GetAsync(type, null, name)));
                return "";
            }
            catch (KubeException e) when (e.IsInvalid)
            {
                return e.Message;
            }
            catch (KubeException e) when (e.IsConflict)
            {
                // The controller was faster.
            }
        }
    }

    public static Subnet InternalSubnet(string name, string cidr) => new() { Metadata = new() { Name = name }, Spec = new() { CidrBlock = cidr, Vpc = "v1" } };

    public static Vip Vip(string name, string? v4 = null) => new() { Metadata = new() { Name = name }, Spec = new() { Subnet = "s1", V4ip = v4 } };

    public static OvnFip Fip(string name, string eip) => new() { Metadata = new() { Name = name }, Spec = new() { OvnEip = eip, IpType = IpTypes.Vip, IpName = "p1" } };
}
