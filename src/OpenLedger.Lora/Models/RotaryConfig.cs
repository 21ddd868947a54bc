namespace OpenLedger.Lora.Models;

/// <summary>
/// Reads rotary positions in every spelling of <c>config.json</c>: <c>rope_theta</c> with <c>rope_scaling</c> (<c>type</c> or
/// <c>rope_type</c>), or <c>rope_parameters</c> of later configurations, which holds both.
/// </summary>
internal sealed class RotaryConfig
{
    private readonly JsonConfig _config;
    private readonly int _headSize;
    private readonly int _maxPositions;

    /// <param name="config">The configuration.</param>
    /// <param name="headSize">Width of a head.</param>
    /// <param name="maxPositions"><c>max_position_embeddings</c> or what the family uses for it.</param>
    public RotaryConfig(JsonConfig config, int headSize, int maxPositions)
    {
        _config = config;
        _headSize = headSize;
        _maxPositions = maxPositions;
        LongestSequence = maxPositions;
    }

    public double DefaultTheta { get; init; } = 10_000;

    public double DefaultPartial { get; init; } = 1;

    public bool Interleaved { get; init; }

    /// <summary>The configured length, or the stretched one where the configuration keeps the trained length.</summary>
    public int LongestSequence { get; private set; }

    /// <summary>Reads the fields of the configuration itself.</summary>
    public RotaryDescription Read()
    {
        JsonConfig? parameters = _config.Section("rope_parameters");
        JsonConfig? scaling = _config.Section("rope_scaling");
        if (parameters is not null && scaling is not null)
        {
            _config.Faults.Add("'rope_parameters' and 'rope_scaling' are both present; give one");
        }

        return Read(parameters ?? scaling, DefaultTheta);
    }

    /// <summary>Reads one object of rotary parameters beside the fields of the configuration.</summary>
    public RotaryDescription Read(JsonConfig? section, double defaultTheta)
    {
        double theta = _config.OptionalDouble("rope_theta", section?.OptionalDouble("rope_theta", defaultTheta) ?? defaultTheta);
        double partial = _config.OptionalDouble("partial_rotary_factor", section?.OptionalDouble("partial_rotary_factor", DefaultPartial) ?? DefaultPartial);
        RotaryScaling? scaling = section is null ? null : ReadScaling(section);
        return new RotaryDescription { Theta = theta, Dimensions = ReadDimensions(partial), Interleaved = Interleaved, Scaling = scaling };
    }

    /// <summary>The rotated dimensions of a fraction of the head; <see langword="null"/> for all of them.</summary>
    public int? ReadDimensions(double partial)
    {
        if (!(partial > 0 && partial <= 1))
        {
            _config.Faults.Add($"the part of a head that rotates is {partial}; legal is above 0 to 1");
            return null;
        }

        return partial == 1 ? null : (int)(_headSize * partial);
    }

    private RotaryScaling? ReadScaling(JsonConfig section)
    {
        string? type = section.OptionalString("rope_type"), oldType = section.OptionalString("type");
        if (type is not null && oldType is not null && type != oldType)
        {
            section.Unsupported.Add($"{section.Quote("rope_type")} is '{type}' and {section.Quote("type")} is '{oldType}'; which one holds is unclear");
        }

        RotaryScaling? scaling = (type ?? oldType ?? "default") switch
        {
            "default" => null,
            "linear" => new RotaryScaling { Kind = RotaryScalingKind.Linear, Factor = RequiredFactor(section) },
            "dynamic" => ReadDynamic(section),
            "llama3" => ReadLlama3(section),
            "yarn" => ReadYarn(section),
            "longrope" or "su" => ReadLongRope(section),
            string other => Refuse(section, other),
        };
        section.Ignore("finetuned");
        HarmlessFields.RefuseAll(section);
        return scaling;
    }

    private static RotaryScaling? Refuse(JsonConfig section, string type)
    {
        section.Unsupported.Add(
            $"{section.Quote("rope_type")} is '{type}'; implemented are 'default', 'linear', 'dynamic', 'llama3', 'yarn' and 'longrope'");
        return null;
    }

    // Dynamic stretching begins where the trained length ends, so the configured length is not the longest one.
    private RotaryScaling ReadDynamic(JsonConfig section)
    {
        double factor = RequiredFactor(section);
        int? original = section.OptionalInt32("original_max_position_embeddings");
        LongestSequence = original is null ? Stretched(_maxPositions, factor) : _maxPositions;
        return new RotaryScaling { Kind = RotaryScalingKind.Dynamic, Factor = factor, OriginalMaxPositions = original ?? _maxPositions };
    }

    private static RotaryScaling ReadLlama3(JsonConfig section) => new()
    {
        Kind = RotaryScalingKind.Llama3,
        Factor = RequiredFactor(section),
        OriginalMaxPositions = section.RequiredInt32("original_max_position_embeddings"),
        LowFrequencyFactor = Required(section, "low_freq_factor"),
        HighFrequencyFactor = Required(section, "high_freq_factor"),
    };

    private RotaryScaling ReadYarn(JsonConfig section)
    {
        int original = section.OptionalInt32("original_max_position_embeddings") ?? _maxPositions;
        double factor = section.TryGet("factor", out _) ? RequiredFactor(section) : (double)_maxPositions / Math.Max(1, original);
        LongestSequence = Math.Max(_maxPositions, Stretched(original, factor));
        if (!section.OptionalBoolean("truncate", true))
        {
            section.Unsupported.Add($"{section.Quote("truncate")} is false; implemented are YaRN bounds rounded to whole dimensions");
        }

        // mscale_all_dim alone, or mscale alone, changes nothing in the reference implementation.
        double? attention = OptionalPositive(section, "attention_factor");
        double? mscale = OptionalPositive(section, "mscale"), mscaleAll = OptionalPositive(section, "mscale_all_dim");
        if (attention is null && mscale is double m && mscaleAll is double all)
        {
            attention = YarnScale(factor, m) / YarnScale(factor, all);
        }

        return new RotaryScaling
        {
            Kind = RotaryScalingKind.Yarn,
            Factor = factor,
            OriginalMaxPositions = original,
            BetaFast = section.OptionalDouble("beta_fast", 32),
            BetaSlow = section.OptionalDouble("beta_slow", 1),
            AttentionFactor = attention,
        };
    }

    private RotaryScaling ReadLongRope(JsonConfig section)
    {
        int original = section.OptionalInt32("original_max_position_embeddings") ?? _config.OptionalInt32("original_max_position_embeddings") ?? _maxPositions;
        double factor = section.TryGet("factor", out _) ? RequiredFactor(section) : (double)_maxPositions / Math.Max(1, original);
        return new RotaryScaling
        {
            Kind = RotaryScalingKind.LongRope,

            // A shorter configured than trained length stretches nothing.
            Factor = Math.Max(1, factor),
            OriginalMaxPositions = original,
            AttentionFactor = OptionalPositive(section, "attention_factor"),
            ShortFactors = ValueList.Create<double>(section.OptionalDoubleList("short_factor")),
            LongFactors = ValueList.Create<double>(section.OptionalDoubleList("long_factor")),
        };
    }

    /// <summary><c>0.1 · m · ln f + 1</c> for f above 1, else 1.</summary>
    private static double YarnScale(double factor, double mscale) => factor > 1 ? (0.1 * mscale * Math.Log(factor)) + 1 : 1;

    private static int Stretched(int positions, double factor) => (int)Math.Clamp(positions * factor, Math.Min(positions, 1 << 24), 1 << 24);

    private static double RequiredFactor(JsonConfig section) => Required(section, "factor");

    private static double Required(JsonConfig section, string name)
    {
        if (!section.TryGet(name, out _))
        {
            section.Faults.Add($"{section.Quote(name)} is missing");
        }

        return section.OptionalDouble(name, 1);
    }

    private static double? OptionalPositive(JsonConfig section, string name) =>
        section.TryGet(name, out _) ? section.OptionalDouble(name, 1) : null;
}
