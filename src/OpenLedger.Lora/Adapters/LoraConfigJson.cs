using System.Text.Json;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Adapters;

/// <summary>Maps <see cref="LoraConfig"/> to and from PEFT's <c>adapter_config.json</c>.</summary>
internal static class LoraConfigJson
{
    private static readonly (LoraTaskType Type, string Name)[] TaskTypes =
    [
        (LoraTaskType.CausalLM, "CAUSAL_LM"),
        (LoraTaskType.SequenceClassification, "SEQ_CLS"),
        (LoraTaskType.SequenceToSequence, "SEQ_2_SEQ_LM"),
        (LoraTaskType.TokenClassification, "TOKEN_CLS"),
        (LoraTaskType.QuestionAnswering, "QUESTION_ANS"),
        (LoraTaskType.FeatureExtraction, "FEATURE_EXTRACTION"),
    ];

    /// <summary>Fields that change nothing at inference, whatever they hold.</summary>
    private static readonly string[] Inert =
        ["auto_mapping", "peft_version", "init_lora_weights", "loftq_config", "eva_config", "corda_config", "lora_ga_config", "runtime_config", "megatron_core", "qalora_group_size"];

    public static LoraConfig Read(JsonConfig json)
    {
        List<string> unsupported = [];
        string? peftType = json.OptionalString("peft_type");
        if (peftType != "LORA")
        {
            unsupported.Add($"'peft_type' is {(peftType is null ? "missing" : $"'{peftType}'")}; implemented is 'LORA'");
        }

        string bias = json.OptionalString("bias") ?? "none";
        if (bias != "none")
        {
            unsupported.Add($"'bias' is '{bias}'; implemented is 'none'");
        }

        foreach (string name in Inert)
        {
            json.TryGet(name, out _);
        }

        LoraConfig config = new()
        {
            TargetModules = ReadTargets(json),
            ExcludeModules = json.OptionalStringList("exclude_modules"),
            Rank = json.OptionalInt32("r") ?? 8,
            Alpha = json.OptionalDouble("lora_alpha", 8),
            Dropout = json.OptionalDouble("lora_dropout", 0),
            RankPattern = ReadPattern(json, "rank_pattern", element => element.TryGetInt32(out int rank) ? rank : null as int?),
            AlphaPattern = ReadPattern(
                json, "alpha_pattern", element => element.TryGetDouble(out double alpha) && double.IsFinite(alpha) ? alpha : null as double?),
            UseRsLora = json.OptionalBoolean("use_rslora", false),
            LayersToTransform = json.OptionalInt32List("layers_to_transform"),
            LayersPattern = json.OptionalStringList("layers_pattern"),
            FanInFanOut = json.OptionalBoolean("fan_in_fan_out", false),
            BaseModelNameOrPath = json.OptionalString("base_model_name_or_path"),
            Revision = json.OptionalString("revision"),
            TaskType = ReadTaskType(json),
            InferenceMode = json.OptionalBoolean("inference_mode", false),
        };

        unsupported.AddRange(json.Unknown.Where(f => !IsDefault(f.Value)).Select(f => $"'{f.Key}' is {JsonConfig.Show(f.Value)}; it is not implemented"));
        if (unsupported.Count > 0)
        {
            throw ModelFormatException.FromFaults(
                ModelFormatError.ConfigUnsupported, json.Path, "this adapter needs what is not implemented:", unsupported);
        }

        List<string> faults = [.. json.Faults, .. config.FindFaults()];
        return faults.Count == 0
            ? config
            : throw ModelFormatException.FromFaults(ModelFormatError.ConfigInvalid, json.Path, "the configuration is invalid:", faults);
    }

    public static void Write(LoraConfig config, string path) => AtomicFile.Write(path, stream =>
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("alpha_pattern");
        foreach ((string expression, double alpha) in config.AlphaPattern)
        {
            json.WriteNumber(expression, alpha);
        }

        json.WriteEndObject();
        json.WriteNull("auto_mapping");
        json.WriteString("base_model_name_or_path", config.BaseModelNameOrPath);
        json.WriteString("bias", "none");
        WriteList(json, "exclude_modules", config.ExcludeModules, json.WriteStringValue);
        json.WriteBoolean("fan_in_fan_out", config.FanInFanOut);
        json.WriteBoolean("inference_mode", config.InferenceMode);
        json.WriteBoolean("init_lora_weights", true);
        WriteList(json, "layers_pattern", config.LayersPattern, json.WriteStringValue);
        WriteList(json, "layers_to_transform", config.LayersToTransform, json.WriteNumberValue);
        json.WriteNumber("lora_alpha", config.Alpha);
        json.WriteNumber("lora_dropout", config.Dropout);
        json.WriteNull("modules_to_save");
        json.WriteString("peft_type", "LORA");
        json.WriteNumber("r", config.Rank);
        json.WriteStartObject("rank_pattern");
        foreach ((string expression, int rank) in config.RankPattern)
        {
            json.WriteNumber(expression, rank);
        }

        json.WriteEndObject();
        json.WriteString("revision", config.Revision);
        if (config.TargetModules.IsAllLinear)
        {
            json.WriteString("target_modules", "all-linear");
        }
        else if (config.TargetModules.Expression is string expression)
        {
            json.WriteString("target_modules", expression);
        }
        else
        {
            WriteList(json, "target_modules", config.TargetModules.Names, json.WriteStringValue);
        }

        json.WriteString("task_type", TaskTypes.FirstOrDefault(t => t.Type == config.TaskType).Name);
        json.WriteBoolean("use_dora", false);
        json.WriteBoolean("use_rslora", config.UseRsLora);
        json.WriteEndObject();
    });

    private static TargetModules ReadTargets(JsonConfig json)
    {
        if (!json.TryGet("target_modules", out JsonElement targets))
        {
            json.Faults.Add("'target_modules' is missing");
            return TargetModules.AllLinear;
        }

        if (targets.ValueKind != JsonValueKind.String)
        {
            string[] names = json.OptionalStringList("target_modules");
            if (names.Length > 0 && !names.Any(string.IsNullOrEmpty))
            {
                return TargetModules.Named(names);
            }

            json.Faults.Add("'target_modules' is neither text nor a list of names");
            return TargetModules.AllLinear;
        }

        string text = json.OptionalString("target_modules") ?? "";
        if (text == "all-linear")
        {
            return TargetModules.AllLinear;
        }

        try
        {
            return TargetModules.Matching(text);
        }
        catch (ArgumentException exception)
        {
            json.Faults.Add($"'target_modules' is not a regular expression: {exception.Message}");
            return TargetModules.AllLinear;
        }
    }

    private static LoraTaskType ReadTaskType(JsonConfig json)
    {
        string? name = json.OptionalString("task_type");
        if (name is null)
        {
            return LoraTaskType.Unspecified;
        }

        foreach ((LoraTaskType type, string candidate) in TaskTypes)
        {
            if (candidate == name)
            {
                return type;
            }
        }

        json.Faults.Add($"'task_type' is '{name}'; legal are {string.Join(", ", TaskTypes.Select(t => t.Name))}");
        return LoraTaskType.Unspecified;
    }

    private static List<KeyValuePair<string, T>> ReadPattern<T>(JsonConfig json, string name, Func<JsonElement, T?> read)
        where T : struct
    {
        List<KeyValuePair<string, T>> pattern = [];
        if (!json.TryGet(name, out JsonElement value))
        {
            return pattern;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            json.Faults.Add($"'{name}' is {JsonConfig.Show(value)}, not an object");
            return pattern;
        }

        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Number && read(property.Value) is T number)
            {
                pattern.Add(new KeyValuePair<string, T>(property.Name, number));
            }
            else
            {
                json.Faults.Add($"'{name}' gives '{property.Name}' {JsonConfig.Show(property.Value)}, not a number that fits");
            }
        }

        return pattern;
    }

    /// <summary>PEFT's defaults of everything not listed here are null, false or empty.</summary>
    private static bool IsDefault(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> write)
    {
        if (items.Count == 0)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (T item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }
}
