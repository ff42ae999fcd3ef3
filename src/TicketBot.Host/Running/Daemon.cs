using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Quartz;
using Serilog;
using TicketBot.Bybit;
using TicketBot.Host.Alerts;
using TicketBot.Host.Configuration;
using TicketBot.Host.Dashboard;
using TicketBot.Host.Health;
using TicketBot.Host.Jobs;
using TicketBot.Market.Candles;
using TicketBot.Simulator;
using TicketBot.Storage;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Running;

/// <summary>Composes the daemon and runs it: stores, journal, jobs, page, worker.</summary>
public static class Daemon
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(8);

    /// <summary>Runs until cancelled, or until what was asked for is done; returns the worker with what it saw.</summary>
    /// <exception cref="IOException">Another daemon runs on the data folder.</exception>
    public static async Task<Worker> RunAsync(Settings settings, RunRequest request, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        var environment = settings.Get<BybitOptions>().Environment;
        var market = environment == ExchangeEnvironment.Simulator && !Venue.IsElsewhere(settings.Get<BybitOptions>())
            ? SimulatedMarket.Open(
                request, settings.Get<SimulatorOptions>(), settings.Get<Trading.TradingOptions>(),
                account => SimulatorServer.RememberedLiveFrom(DataFolder.VenueFolderOf(settings.Get<StorageOptions>().DataFolder, environment, account)), time)
            : null;
        var folder = DataFolder.OfRun(
            settings.Get<StorageOptions>().DataFolder, environment, market?.Slug ?? (environment == ExchangeEnvironment.Simulator ? "elsewhere" : null));
        using var alone = TakeLock(folder);
        using var account = Claim(settings, environment, folder, time);
        var configuration = new ConfigurationWatch(settings, time); // Before the run changes options of its own, such as the simulator's addresses.
        settings.WriteEffective(folder.EffectiveConfiguration); // What the journal's decisions are decided with again.
        var state = new DaemonState(environment.ToString().ToLowerInvariant(), market?.Source.Description
            ?? (environment == ExchangeEnvironment.Simulator ? "a simulator that runs elsewhere" : "real market data"));
        var ring = new LogRing();
        await using var app = Build(settings, request, output, time, folder, market, state, ring, configuration, account);
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<Worker>();
        if (account.Recovered is { } before)
        {
            Log.AccountRecovered(log, before.ToString());
        }

        Log.Starting(log, typeof(Daemon).Assembly.GetName().Version!.ToString(3), state.Environment, state.Market);
        await StartAsync(app, settings.Get<HostOptions>().DashboardAddress, cancellationToken);
        Log.Places(log, folder.Path, AddressOf(app.Services));
        new DaemonFile(AddressOf(app.Services), app.Services.GetRequiredService<AccessToken>().Value, Environment.ProcessId).Write(folder.DaemonFile);
        try
        {
            await app.WaitForShutdownAsync(cancellationToken);
        }
        finally
        {
            File.Delete(folder.DaemonFile);
        }

        return app.Services.GetRequiredService<Worker>();
    }

    private static WebApplication Build(
        Settings settings, RunRequest request, TextWriter output, TimeProvider time, DataFolder folder, SimulatedMarket? market, DaemonState state, LogRing ring,
        ConfigurationWatch configuration, AccountClaim account)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(settings.Configuration);
        var services = builder.Services;
        builder.WebHost.UseKestrel(k => k.AddServerHeader = false).UseUrls(settings.Get<HostOptions>().DashboardAddress);
        services.Configure<Microsoft.Extensions.Hosting.HostOptions>(o => o.ShutdownTimeout = StopWithin);
        services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Logging.ClearProviders().AddSerilog(
            new LoggerConfiguration().ReadFrom.Configuration(settings.Configuration).WriteTo.Sink(ring).CreateLogger(), dispose: true);

        settings.Register(services);
        services.AddSingleton(time).AddSingleton(request).AddSingleton(folder).AddSingleton(state).AddSingleton(ring).AddSingleton(new MarketChoice(market))
            .AddSingleton(configuration).AddSingleton(account);
        services.AddSingleton(settings.Get<HostOptions>().Jobs).AddSingleton(new AccessToken(DaemonFile.NewToken()));
        services.AddSingleton<ICandleStore>(s => SqliteCandleStore.OpenOrBeginAnew(folder.MarketDatabase, s.GetRequiredService<ILogger<SqliteCandleStore>>()));
        services.AddSingleton<ITicketRegistry>(s => SqliteTicketRegistry.Open(folder.ResearchDatabase, s.GetRequiredService<ILogger<SqliteTicketRegistry>>()));
        services.AddSingleton<IJournal>(s => SqliteJournal.Open(folder.JournalDatabase, s.GetRequiredService<ILogger<SqliteJournal>>()));
        services.AddSingleton<DaemonStores>();
        services.AddSingleton(_ => new JournalReader(() => File.Exists(folder.JournalDatabase) ? SqliteJournal.OpenReader(folder.JournalDatabase) : null));
        services.AddSingleton(_ => new SystemdNotify(Environment.GetEnvironmentVariable));
        services.AddSingleton(s => new Announcement(output, () => AddressOf(s), s.GetRequiredService<SystemdNotify>()));
        services.AddSingleton<JobBoard>().AddSingleton<JobRunner>().AddSingleton<JobCalendar>().AddSingleton<TicketWatch>().AddSingleton<ProgressWatch>();
        var alerts = settings.Get<HostOptions>().Alerts;
        var webhook = AlertSender.AddressOf(alerts, Environment.GetEnvironmentVariable);
        services.AddSingleton(s => new AlertSender(alerts, webhook, state.Environment, new SocketsHttpHandler(), time, s.GetRequiredService<ILogger<AlertSender>>()));
        services.AddHostedService(s => s.GetRequiredService<AlertSender>()).AddSingleton<AlertWatch>();
        services.AddQuartz();
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
        services.AddSingleton<Worker>().AddHostedService(s => s.GetRequiredService<Worker>());

        var app = builder.Build();
        PageFiles.Map(app);
        DashboardApi.Map(app);
        HealthApi.Map(app);
        return app;
    }

    private static string AddressOf(IServiceProvider services) =>
        services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().TrimEnd('/');

    private static async Task StartAsync(WebApplication app, string address, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException fault)
        {
            throw new IOException($"the page cannot listen on {address}: {fault.GetBaseException().Message}. Give another port with --port (0 picks a free one)", fault);
        }
    }

    private static AccountClaim Claim(Settings settings, ExchangeEnvironment environment, DataFolder folder, TimeProvider time)
    {
        var account = new AccountClaim(
            settings.Get<HostOptions>().AccountLockFolder, environment, new AccountOwner(Environment.ProcessId, Environment.MachineName, folder.Path, time.GetUtcNow()));
        if (account.IsNeeded)
        {
            account.TakeKey(BybitCredentials.Read(settings.Get<BybitOptions>(), Environment.GetEnvironmentVariable).KeyHash);
        }

        return account;
    }

    private static FileStream TakeLock(DataFolder folder)
    {
        try
        {
            return new FileStream(folder.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new IOException($"another daemon runs on the data folder '{Path.GetDirectoryName(folder.LockFile)}': stop it, or give this one its own with --data-folder", fault);
        }
    }
}
