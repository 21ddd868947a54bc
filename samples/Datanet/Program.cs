// The life of a datanet, from its birth to an erasure: every step is printed, and every claim that can be checked is checked.
using DatanetSample;
using DatanetSample.Steps;

if (args is not ([] or ["--out", _]))
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project samples/Datanet -- [--out DIR]");
    return 2;
}

string folder = Path.GetFullPath(args is [_, string given] ? given : "artifacts/datanet");
using Stage stage = Stage.Open(folder);
Birth.Run(stage);
await Contributing.Run(stage);
await Reviewing.Run(stage);
Versioning.Run(stage);
Proving.Run(stage);
Training.Run(stage);
await Publishing.Run(stage);
Erasing.Run(stage);
return stage.Finish();
