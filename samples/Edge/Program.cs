return Edge.EdgeCommand.Run(args, Console.Out, Console.Error);
