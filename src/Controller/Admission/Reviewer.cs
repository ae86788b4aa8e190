using System.Collections.Frozen;
using System.Text;
using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Controller.Options;
using Sluice.Kube;
using Sluice.Plan.Admission;

namespace Sluice.Controller.Admission;

/// <summary>Answers the questions of the API server from caches, which must be complete.</summary>
public sealed class Reviewer
{
    private const int Forbidden = 403;
    private const int Unprocessable = 422;

    private readonly KubeClient _kube;
    private readonly AdmissionUsers _users;
    private readonly FrozenDictionary<string, IKindReview> _reviews;
    private readonly FrozenDictionary<string, Func<string, CancellationToken, Task<bool>>> _exists;

    /// <param name="promises">Gives addresses to new OvnEips; null where none are given, because somebody else leads.</param>
    public Reviewer(Cluster cluster, KubeClient kube, ControllerOptions options, AddressPromises? promises = null)
    {
        (_kube, _users) = (kube, new(options.Election.Namespace));
        _reviews = new KindReviews(cluster, options, promises).All.ToFrozenDictionary(review => review.Plural, StringComparer.Ordinal);
        _exists = new Dictionary<string, Func<string, CancellationToken, Task<bool>>>(StringComparer.Ordinal)
        {
            [SluiceResources.Vlans.Kind] = Exists(SluiceResources.Vlans),
            [SluiceResources.Subnets.Kind] = Exists(SluiceResources.Subnets),
            [SluiceResources.Vpcs.Kind] = Exists(SluiceResources.Vpcs),
            [SluiceResources.Ips.Kind] = Exists(SluiceResources.Ips),
            [SluiceResources.Vips.Kind] = Exists(SluiceResources.Vips),
            [SluiceResources.OvnEips.Kind] = Exists(SluiceResources.OvnEips),
            [SluiceResources.OvnFips.Kind] = Exists(SluiceResources.OvnFips),
            [SluiceResources.OvnSnatRules.Kind] = Exists(SluiceResources.OvnSnatRules),
            [SluiceResources.OvnDnatRules.Kind] = Exists(SluiceResources.OvnDnatRules),
        }.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <exception cref="KubeException">It is not known whether an object that stands against the request still exists.</exception>
    public async Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        var objection = await FindObjectionAsync(request, cancellation);
        return new AdmissionResponse
        {
            Uid = request.Uid,
            Allowed = objection is null,
            Status = objection is null ? null
                : objection.IsInUse ? new(Forbidden, StatusReason.Forbidden, objection.Message)
                : new(Unprocessable, StatusReason.Invalid, objection.Message),
        };
    }

    /// <summary>Reviews a new object and adds to it what the controller would otherwise add with a write of its own.</summary>
    /// <exception cref="KubeException">As of <see cref="ReviewAsync"/>.</exception>
    public async Task<AdmissionResponse> PrepareAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        var review = await ReviewAsync(request, cancellation);
        if (!review.Allowed) return review;

        var patch = string.IsNullOrEmpty(request.SubResource) ? _reviews.GetValueOrDefault(request.Resource.Resource)?.Prepare(request) : null;
        return review with
        {
            PatchType = patch is null ? null : "JSONPatch",
            Patch = patch is null ? null : Encoding.UTF8.GetBytes(patch.ToString()),
        };
    }

    private async Task<Objection?> FindObjectionAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        if (!string.IsNullOrEmpty(request.SubResource) || _users.IsTrusted(request.UserInfo)) return null;
        if (!_reviews.TryGetValue(request.Resource.Resource, out var review)) return null;
        return review.Review(request) is { } objection ? await ConfirmAsync(objection, cancellation) : null;
    }

    /// <summary>
    /// Looks whether the objects that stand against the request are still there, as somebody who deletes one object after the other means
    /// it. Only what is about to be refused costs requests, at most as many as the message has names.
    /// </summary>
    private async Task<Objection?> ConfirmAsync(Objection objection, CancellationToken cancellation)
    {
        if (objection.Others.IsEmpty) return objection;

        var asked = objection.Others.Take(Objection.MaxNamed).ToArray();
        var exists = await Task.WhenAll(asked.Select(other => _exists[other.Kind](other.Name, cancellation)));
        return exists.Contains(true) || objection.Others.Length > asked.Length ? objection : null;
    }

    private Func<string, CancellationToken, Task<bool>> Exists<T>(ResourceType<T> type)
        where T : KubeObject =>
        async (name, cancellation) => await _kube.FindAsync(type, null, name, cancellation) is { Metadata.IsDeleting: false };
}
