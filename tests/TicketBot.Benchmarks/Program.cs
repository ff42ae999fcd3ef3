using BenchmarkDotNet.Running;
using TicketBot.Benchmarks.Backtests;
using TicketBot.Benchmarks.BesideTraining;
using TicketBot.Benchmarks.Connector;
using TicketBot.Benchmarks.Diagnostics;
using TicketBot.Benchmarks.Honesty;
using TicketBot.Benchmarks.Learning;
using TicketBot.Benchmarks.Lottery;
using TicketBot.Benchmarks.OneShot;
using TicketBot.Benchmarks.Search;
using TicketBot.Benchmarks.Transfer;
using TicketBot.Benchmarks.WalkForwards;
using TicketBot.Benchmarks.OrderPath;

if (args is ["order-path", .. var rest])
{
    return OrderPathReport.Run(rest);
}

if (args is ["backtest", .. var played])
{
    return await BacktestReport.RunAsync(played);
}

if (args is ["beside-training", .. var beside])
{
    return await BesideTrainingReport.RunAsync(beside);
}

if (args is ["connector", .. var units])
{
    return ConnectorReport.Run(units);
}

if (args is ["honesty", .. var campaign])
{
    return await HonestyReport.RunAsync(campaign);
}

if (args is ["learning", .. var words])
{
    return LearningReport.Run(words);
}

if (args is ["lottery", .. var experiment])
{
    return await LotteryReport.RunAsync(experiment);
}

if (args is ["one-shot", .. var searches])
{
    return OneShotReport.Run(searches);
}

if (args is ["diagnostics", .. var diagnostics])
{
    return await DiagnosticsReport.RunAsync(diagnostics);
}

if (args is ["search", .. var search])
{
    return await SearchReport.RunAsync(search);
}

if (args is ["transfer", .. var transfers])
{
    return await TransferCampaign.RunAsync(transfers);
}

if (args is ["walk-forward", .. var folds])
{
    return WalkForwardReport.Run(folds);
}

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: order-path [--candles N] | backtest [--candles N] | beside-training [--pairs N] [--candles N] [--pause MS] [--threads N] [--durable] | connector | honesty [--markets A,B] [--seeds N] [--first N] [--forward N] [--results FILE] | learning [--quick] [--only WORD,WORD] [--seconds N] [--markdown FILE] | lottery [--seeds N] [--rounds N] [--data FOLDER] [--store FILE] [--results FILE] [--table FILE] | one-shot [--seeds N] [--first N] [--rows N] [--positions N] [--threads N] [--results FILE] | diagnostics survival|ticket [...] | search zdt|latency|table|repeats|memory|shuffled [...] | transfer flipped|helpful|moons|alignment|kernel|adistance|forgetting [--runs N] [--first N] [--methods A,B] [--labels N] [--results FILE] | walk-forward FILE [--folds N] [--sliding ROWS] [--embargo CANDLES] [--horizon CANDLES] | --filter '*' (units of the path, by BenchmarkDotNet)");
    return 2;
}

BenchmarkSwitcher.FromAssembly(typeof(OrderPathReport).Assembly).Run(args);
return 0;
