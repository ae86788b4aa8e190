using System.Security.Cryptography;

namespace Sluice.Lab.Tests.Mechanics;

/// <summary>A lab in which nothing of ours runs: API server, OVN and nodes only.</summary>
public sealed class BareLab : IAsyncLifetime
{
    public static readonly string[] Without = ["kubelet", "agent", "controller"];

    public LabCluster Lab { get; private set; } = null!;

    public static string NewName() => $"t{RandomNumberGenerator.GetHexString(6, lowercase: true)}";

    public async Task InitializeAsync() => Lab = await UpAsync(new LabOptions { Name = NewName(), Without = Without });

    public Task DisposeAsync() => LabCluster.DownAsync(Lab.Layout.Name);

    /// <summary>Brings a lab up, and leaves nothing behind when that fails.</summary>
    public static async Task<LabCluster> UpAsync(LabOptions options)
    {
        try
        {
            return await LabCluster.UpAsync(options);
        }
        catch
        {
            await LabCluster.DownAsync(options.Name);
            throw;
        }
    }
}

[CollectionDefinition(Name)]
public sealed class BareLabCollection : ICollectionFixture<BareLab>
{
    public const string Name = "bare lab";
}
