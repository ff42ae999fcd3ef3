return await TicketBot.Host.Verbs.CommandLine.RunAsync(args, Console.Out, Console.Error);
