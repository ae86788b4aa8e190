using Microsoft.Extensions.Logging;
using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Controller.Admission;
using Sluice.Controller.Audit;
using Sluice.Controller.Http;
using Sluice.Controller.Loop;
using Sluice.Controller.Options;
using Sluice.Controller.Realizing;
using Sluice.Controller.Reconcilers;
using Sluice.Controller.Rules;
using Sluice.Controller.Writers;
using Sluice.Kube;
using Sluice.Metrics;
using Sluice.Ovn;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller;

/// <summary>
/// What runs while this process leads, wired by hand: caches, triggers, queue, reconcilers, writers. A term that ends is not continued;
/// the next one begins with empty caches.
/// </summary>
public sealed class ControllerTerm : IDisposable
{
    /// <summary>How long a new leader has other things to do than to tidy up.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long everything else waits for the first steps. Somebody may refuse them for good: a webhook that fails closed and that the API
    /// server reaches only when this process is ready, which it is when it is in sync.
    /// </summary>
    private static readonly TimeSpan FirstStepsPatience = TimeSpan.FromSeconds(5);

    private readonly OvnDatabases _databases;
    private readonly NorthboundDatabase _northbound;
    private readonly EventRecorder _events;
    private readonly WorkQueue<OwnerKey> _queue;
    private readonly AddressBook _book;
    private readonly AddressPromises _promises;
    private readonly RuleBook _rules;
    private readonly VpcGather _gather;
    private readonly Triggers _triggers;
    private readonly ObjectWriter _objects;
    private readonly FirstSteps _firstSteps;
    private readonly ReconcileLoop _loop;
    private readonly AuditLog? _audit;
    private readonly ITimer _afterStart;
    private readonly TimeProvider _time;
    private volatile bool _isInSync;

    /// <param name="audit">Told of what would be written, which then is not; null to work.</param>
    public ControllerTerm(
        ControllerOptions options,
        KubeClient kube,
        OvnDatabases databases,
        ControllerMetrics metrics,
        ILoggerFactory logs,
        TimeProvider time,
        AuditLog? audit = null)
    {
        (_audit, _time) = (audit, time);
        var northbound = databases.Northbound;
        (_databases, _northbound) = (databases, northbound);
        northbound.Statistics.Ended += metrics.Transacted;
        _events = new EventRecorder(kube, "sluice-controller", logs.CreateLogger<EventRecorder>(), time);
        _afterStart = time.CreateTimer(static _ => ReturnMemory(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _queue = new WorkQueue<OwnerKey>(new Backoff(options.RetryMinDelay, options.RetryMaxDelay), time);
        Cluster = new Cluster(kube, options, logs, time);

        // Writers
        var missing = new MissingRows();
        var rows = new RowWriter(northbound, missing, new RowAccounts(metrics.Rows), audit);
        _objects = new ObjectWriter(kube, _events, metrics, time, audit);
        _firstSteps = new FirstSteps(Cluster, _objects, audit is null ? northbound : null, options, logs.CreateLogger<FirstSteps>(), time);

        // Addresses
        var subnets = Settings.Subnets(options);
        _book = new AddressBook(Cluster);
        _promises = new AddressPromises(Cluster, _book, _queue.Add, time);
        Reviewer = new Reviewer(Cluster, kube, options, _promises);
        var vpcs = Settings.Vpcs(options);
        var settings = new LiveVpcSettings(Cluster, vpcs, () => northbound.Current);
        var users = new AddressUsers(Cluster, settings);
        var addresses = new AddressAccess(_book, users, new UsageReports(_book, time));

        // Rules
        _rules = new RuleBook(Cluster, vpcs, _promises.FindStored);
        _gather = new VpcGather(new VpcObjects(Cluster, _rules, _book, settings, databases));

        var realization = options.ReportRealized ? new RealizationBook(Cluster, databases, _queue.Add, time) : null;

        // Reconcilers
        var records = new IpRecords(Cluster, _objects);
        var loans = new VipLoans(Cluster);
        var ips = new IpReconciler(Cluster, addresses, records, _events);
        IReconciler[] reconcilers =
        [
            new ProviderNetworkReconciler(Cluster, users, _objects),
            new VlanReconciler(Cluster, users, _objects),
            new SubnetReconciler(Cluster, subnets, settings, addresses, rows, _objects),
            new NamespaceReconciler(Cluster, _objects),
            new NodeReconciler(Cluster, settings, _book, records, rows, _objects, options.GatewayNodeEips),
            new PortReconciler(
                Cluster,
                new PortSettings(subnets, options.PodNicType),
                new PortAddressing(Cluster, _book, loans, Settings.PodPermissions(options), records, ips, () => northbound.Current),
                rows,
                new PodWriter(Cluster, _objects, _events)),
            ips,
            new VipReconciler(Cluster, _book, loans, users, rows, _objects),
            new OvnEipReconciler(Cluster, _book, _promises, new NewEips(time), users, rows, _objects),
            new VpcReconciler(
                Cluster, _gather, rows, _objects, new GatewayEvents(Cluster, _events), new PodRefusalEvents(Cluster, _events), realization),
            new RuleReconciler<OvnFip>(Cluster.Fips, RulePlans.Fip, _rules.FindUnownedFip, vpcs, _objects),
            new RuleReconciler<OvnSnatRule>(Cluster.SnatRules, RulePlans.Snat, _rules.FindUnownedSnatRule, vpcs, _objects),
            new RuleReconciler<OvnDnatRule>(Cluster.DnatRules, RulePlans.Dnat, _rules.FindUnownedDnatRule, vpcs, _objects),
            new LeftoverReconciler(Cluster, rows, logs.CreateLogger<LeftoverReconciler>()),
        ];
        _loop = new ReconcileLoop(reconcilers, _queue, options, metrics, logs.CreateLogger<ReconcileLoop>(), time);

        // What a change leads to is written down before anybody is called to look at it.
        _book.Attach();
        _promises.Attach();
        _rules.Attach();
        realization?.Attach();
        _triggers = new Triggers(Cluster, _rules, _queue, missing);
        _triggers.Attach(_book);
    }

    /// <summary>Everything is known, and all keys were handed out once.</summary>
    public event Action? Synced;

    public Cluster Cluster { get; }

    /// <summary>Answers from what this term knows; of use once it is in sync.</summary>
    public Reviewer Reviewer { get; }

    /// <summary>What was written to the northbound database in this term.</summary>
    public WriterStatistics Northbound => _northbound.Statistics;

    /// <summary>Whether everything is known and all keys were handed out once.</summary>
    public bool IsInSync => _isInSync;

    /// <summary>Why it can not do its work now; null when it can.</summary>
    public string? NotReady
    {
        get
        {
            if (!_databases.Northbound.IsConnected) return "there is no connection to the northbound database";
            if (!_databases.Southbound.IsConnected) return "there is no connection to the southbound database";
            var unknown = Cluster.Followed.Where(kind => !kind.HasSynced).Select(kind => kind.Kind).ToArray();
            if (unknown.Length > 0) return $"the API server has not listed {string.Join(", ", unknown)} yet";
            return IsInSync ? null : "not in sync yet";
        }
    }

    /// <summary>The key that has been worked on for the longest time, and for how long; null when there is none.</summary>
    public (OwnerKey Key, TimeSpan Age)? OldestWork => _loop.Oldest;

    /// <summary>Whether everything is known, and no key waits or is being worked on.</summary>
    public bool IsIdle => _isInSync && _queue.IsIdle;

    public void Dispose()
    {
        _afterStart.Dispose();
        _loop.Dispose();
        _promises.Dispose();
        _objects.Dispose();
    }

    /// <summary>Works until cancelled.</summary>
    /// <param name="connected">Completes when the content of both databases is known, and only we write; meanwhile objects are listed.</param>
    public async Task RunAsync(Task connected, CancellationToken cancellation)
    {
        var following = _audit is null
            ? Task.WhenAll(Cluster.RunAsync(cancellation), _events.RunAsync(cancellation))
            : Cluster.RunAsync(cancellation);
        await connected;
        _triggers.Attach(_databases);
        await Cluster.WaitSyncedAsync(cancellation);

        // Nothing is given out before it is known what was given out already.
        _book.Build(_gather.PodAddresses());
        _rules.Build();
        var firstSteps = _firstSteps.RunAsync(cancellation);
        if (await Task.WhenAny(firstSteps, Task.Delay(FirstStepsPatience, _time, cancellation)) == firstSteps)
            await firstSteps;
        var keys = _triggers.Start(_northbound.Current);
        _ = new FirstPass(keys, _loop, () => _queue.Add(Keys.Leftovers));
        _ = new FirstPass([Keys.Leftovers], _loop, () => _afterStart.Change(Calm, Timeout.InfiniteTimeSpan));
        if (_audit is not null)
            _ = new FirstPass([Keys.Leftovers], _loop, _audit.Complete);
        _isInSync = true;
        Synced?.Invoke();
        await Task.WhenAll(following, firstSteps, _loop.RunAsync(cancellation));
    }

    /// <summary>Has every key worked on. When nothing has changed, nothing is written.</summary>
    public void Resync()
    {
        _triggers.Start(_northbound.Current);
        _queue.Add(Keys.Leftovers);
    }

    /// <summary>Figures that are looked up when somebody asks.</summary>
    public void WriteMetrics(MetricsText text)
    {
        text.Family("sluice_queue_length", "gauge", "Keys that wait for a worker.");
        text.Sample(_queue.Count);
        text.Family("sluice_queue_idle", "gauge", "1 when everything is known, and no key waits, is delayed or is being worked on.");
        text.Sample(IsIdle ? 1 : 0);
        text.Family("sluice_reconcile_oldest_seconds", "gauge", "For how long the key has been worked on that has been for the longest time.");
        text.Sample(OldestWork?.Age.TotalSeconds ?? 0);
        ConnectionMetrics.Write(text, Cluster, _databases);
        ObjectMetrics.Write(text, Cluster);
        SubnetMetrics.Write(text, Cluster, _book);
        GatewayMetrics.Write(text, Cluster);
    }

    /// <summary>
    /// Lists and the first plans leave more garbage behind than all that follows, and the heap would stay as large as it was then. Takes a
    /// pause of about 10 ms for 1,000 objects.
    /// </summary>
    private static void ReturnMemory() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
