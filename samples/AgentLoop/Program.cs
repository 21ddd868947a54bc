// An agent loop with one tool. The model of these samples is too small to emit tool calls, so a rule plans the steps; what the loop shows is
// that OpenLedger's client is an ordinary IChatClient and that each of its answers comes with a price.
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenLedger.Hosting;
using OpenLedger.Hosting.ChatClients;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Serving;

if (args is not ([] or ["--adapter", _]))
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project samples/AgentLoop -- [--adapter DIR]");
    return 2;
}

string adapterFolder = args is [_, string given] ? given : "artifacts/payable-ai/adapter";
const string ModelFolder = "samples/PayableAi/base-model";
if (!File.Exists(Path.Combine(adapterFolder, LoraAdapter.WeightsFile)) || !File.Exists(Path.Combine(ModelFolder, "config.json")))
{
    Console.Error.WriteLine($"There is no adapter in '{adapterFolder}' or no model in '{ModelFolder}'. Run this first, from the repository's root:");
    Console.Error.WriteLine("  dotnet run -c Release --project samples/PayableAi");
    return 2;
}

using ServiceProvider services = new ServiceCollection().AddOpenLedger(options =>
{
    options.Lora.ModelFolder = ModelFolder;
    options.Chain.Price = new() { WeiPer1000InputTokens = 2_000_000, WeiPer1000OutputTokens = 8_000_000, PlatformFeeWei = 1_000 };
}).BuildServiceProvider();
LoraChatClient lora = services.GetRequiredService<LoraChatClient>();
lora.AddAdapter("expert", LoraAdapter.Load(adapterFolder));
using IChatClient client = lora.AsBuilder().UseMetering().Build(services);

AIFunction convert = AIFunctionFactory.Create(
    (double metres) => (metres * 3.28084).ToString("0", CultureInfo.InvariantCulture) + " feet", "metres_to_feet");
string goal = "How tall is Marrow Light?";
string? seen = null;
for (int step = 0; step < 4; step++)
{
    // The planner: first ask the model; when its answer is in metres, give it to the tool; otherwise there is nothing left to do.
    if (seen is null)
    {
        ChatResponse response = await client.GetResponseAsync(goal, new ChatOptions { ModelId = "expert" });
        seen = response.Text.Trim();
        Console.WriteLine($"model   {goal} -> {seen} ({PaidInference.Find(response)!.FeeWei} wei)");
    }
    else if (Regex.Match(seen, @"(\d+) metres") is { Success: true } length)
    {
        AIFunctionArguments arguments = new() { ["metres"] = double.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture) };
        Console.WriteLine($"tool    {convert.Name}({length.Groups[1].Value}) -> {seen = $"{await convert.InvokeAsync(arguments)}"}");
    }
    else
    {
        Console.WriteLine($"answer  {seen}");
        break;
    }
}

return 0;
