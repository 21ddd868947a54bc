using OpenLedger.Lora.Models;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Training.Data;

namespace PayableAi.Input;

/// <summary>Opens the base model once at the start, so that a damaged file is told before anything is written.</summary>
internal static class ModelCheck
{
    public static void Require(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new BadInputException($"{folder}: the base model is not there; give --model DIR, or train one with tools/BaseModel");
        }

        using ModelFolder model = ModelFolder.Open(folder);
        try
        {
            _ = new InstructionEncoder(ByteLevelBpeTokenizer.Load(folder));
        }
        catch (ArgumentException fault)
        {
            throw new BadInputException($"{folder}: {fault.Message}", fault);
        }
    }
}
