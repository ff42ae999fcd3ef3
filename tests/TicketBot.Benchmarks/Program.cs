using BenchmarkDotNet.Running;
using TicketBot.Benchmarks.OrderPath;

if (args is ["order-path", .. var rest])
{
    return OrderPathReport.Run(rest);
}

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: order-path [--candles N] | --filter '*' (units of the path, by BenchmarkDotNet)");
    return 2;
}

BenchmarkSwitcher.FromAssembly(typeof(OrderPathReport).Assembly).Run(args);
return 0;
