using OpenLedger.Lora.Models;

namespace PayableAi.Input;

/// <summary>Opens the base model once at the start, so that a damaged file is told before anything is written.</summary>
internal static class ModelCheck
{
    public static ModelFolder Open(string folder) => Directory.Exists(folder)
        ? ModelFolder.Open(folder)
        : throw new BadInputException($"{folder}: the base model is not there; build the sample again, or train it with tools/BaseModel");
}
