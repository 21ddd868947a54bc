using System.Text.RegularExpressions;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Adapters;

/// <summary>Pairs the tensors of a PEFT weight file into low-rank updates.</summary>
internal static class LoraAdapterReader
{
    private static readonly string[] HeadNames = ["score", "classifier"];

    public static LoraAdapter Read(
        LoraConfig config,
        string path,
        Func<IEnumerable<LoraModule>, IReadOnlyDictionary<string, float[]>, LoraAdapter> create,
        Func<LoraAdapter, IEnumerable<string>> findFaults)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Dictionary<string, (SafetensorsTensorInfo? A, SafetensorsTensorInfo? B)> pairs = new(StringComparer.Ordinal);
        Dictionary<string, float[]> head = new(StringComparer.Ordinal);
        List<string> faults = [];
        foreach (SafetensorsTensorInfo tensor in file.Tensors)
        {
            string name = StripPrefix(tensor.Name);
            if (tensor.DataType is not (SafetensorsDataType.F32 or SafetensorsDataType.F16 or SafetensorsDataType.BF16 or SafetensorsDataType.F64))
            {
                faults.Add($"'{tensor.Name}' is {tensor.DataType}, not a floating-point type this package reads");
            }
            else if (TrySplit(name, "lora_A", out string module))
            {
                pairs.TryGetValue(module, out (SafetensorsTensorInfo? A, SafetensorsTensorInfo? B) pair);
                AddOnce(pair.A, tensor, faults);
                pairs[module] = (tensor, pair.B);
            }
            else if (TrySplit(name, "lora_B", out module))
            {
                pairs.TryGetValue(module, out (SafetensorsTensorInfo? A, SafetensorsTensorInfo? B) pair);
                AddOnce(pair.B, tensor, faults);
                pairs[module] = (pair.A, tensor);
            }
            else if (IsHead(config, name))
            {
                head[name] = file.ReadSingles(tensor.Name);
            }
            else
            {
                faults.Add($"'{tensor.Name}' is neither lora_A nor lora_B; ignoring it would change the adapter");
            }
        }

        if (pairs.Count == 0 && faults.Count == 0)
        {
            faults.Add("there is no lora_A or lora_B tensor");
        }

        List<LoraModule> modules = [];
        foreach ((string module, (SafetensorsTensorInfo? a, SafetensorsTensorInfo? b)) in pairs)
        {
            AddModule(config, file, module, a, b, modules, faults);
        }

        ThrowIfAny(faults, path);
        LoraAdapter adapter = create(modules, head);
        faults.AddRange(Evaluate(() => findFaults(adapter).ToList(), path));
        ThrowIfAny(faults, path);
        return adapter;
    }

    /// <summary>Runs a lookup that evaluates expressions of the file, where one that is too slow is a fault of the file.</summary>
    private static T Evaluate<T>(Func<T> lookup, string path)
    {
        try
        {
            return lookup();
        }
        catch (ArgumentException exception) when (exception.InnerException is RegexMatchTimeoutException)
        {
            throw new ModelFormatException(ModelFormatError.ConfigInvalid, path, exception.Message, exception);
        }
    }

    private static void AddModule(
        LoraConfig config,
        SafetensorsFile file,
        string module,
        SafetensorsTensorInfo? a,
        SafetensorsTensorInfo? b,
        List<LoraModule> modules,
        List<string> faults)
    {
        if (a is null || b is null)
        {
            faults.Add($"'{module}' has {(a is null ? "lora_B without lora_A" : "lora_A without lora_B")}");
            return;
        }

        if (a.Shape.Length != 2 || b.Shape.Length != 2 || a.Shape[0] != b.Shape[1] || a.ElementCount == 0 || b.ElementCount == 0)
        {
            faults.Add($"'{module}' has lora_A {a.ShapeText()} and lora_B {b.ShapeText()}; expected [r, in] and [out, r]");
            return;
        }

        double scaling = Evaluate(() => config.ScalingOf(module), file.Path);
        modules.Add(new LoraModule(
            module, a.Shape[0], a.Shape[1], b.Shape[0], scaling, file.ReadSingles(a.Name), file.ReadSingles(b.Name)));
    }

    private static void ThrowIfAny(List<string> faults, string path)
    {
        if (faults.Count > 0)
        {
            throw ModelFormatException.FromFaults(
                ModelFormatError.TensorsMismatch, path, "the tensors do not match the configuration:", faults);
        }
    }

    private static void AddOnce(SafetensorsTensorInfo? known, SafetensorsTensorInfo tensor, List<string> faults)
    {
        if (known is not null)
        {
            faults.Add($"'{tensor.Name}' and '{known.Name}' mean the same tensor");
        }
    }

    private static string StripPrefix(string name) =>
        name.StartsWith("base_model.model.", StringComparison.Ordinal) ? name["base_model.model.".Length..]
        : name.StartsWith("base_model.", StringComparison.Ordinal) ? name["base_model.".Length..]
        : name;

    /// <summary>Recognises <c>module.lora_A.weight</c> and <c>module.lora_A.default.weight</c>.</summary>
    private static bool TrySplit(string name, string factor, out string module)
    {
        foreach (string ending in (string[])[$".{factor}.weight", $".{factor}.default.weight"])
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.Ordinal))
            {
                module = name[..^ending.Length];
                return true;
            }
        }

        module = "";
        return false;
    }

    private static bool IsHead(LoraConfig config, string name) =>
        config.TaskType is LoraTaskType.SequenceClassification or LoraTaskType.TokenClassification
        && HeadNames.Any(h => name.StartsWith(h + ".", StringComparison.Ordinal));
}
