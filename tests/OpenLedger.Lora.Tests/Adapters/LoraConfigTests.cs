using System.Text;
using CsCheck;
using OpenLedger.Lora.Adapters;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Adapters;

public class LoraConfigTests
{
    [Fact]
    public void Read_EveryField_IsUnderstood()
    {
        LoraConfig config = Parse(
            """
            {"peft_type":"LORA","task_type":"CAUSAL_LM","base_model_name_or_path":"base","revision":"main","r":16,"lora_alpha":24.5,"lora_dropout":0.1,
             "target_modules":["q_proj","mlp.up_proj"],"exclude_modules":["layers.3.mlp.up_proj"],"rank_pattern":{"layers.1.self_attn.q_proj":4,"q_proj":5},
             "alpha_pattern":{".*up_proj":9},"use_rslora":true,"layers_to_transform":[1,2,3,10],"layers_pattern":"layers","fan_in_fan_out":true,"inference_mode":true,
             "bias":"none","use_dora":false,"modules_to_save":[],"megatron_core":"megatron.core","qalora_group_size":16,"eva_config":{"rho":2.0},"some_future_field":null}
            """);
        Assert.Equal(16, config.Rank);
        Assert.Equal(24.5, config.Alpha);
        Assert.Equal(0.1, config.Dropout);
        Assert.Equal(["q_proj", "mlp.up_proj"], config.TargetModules.Names);
        Assert.True(config.UseRsLora && config.FanInFanOut && config.InferenceMode);
        Assert.Equal("base", config.BaseModelNameOrPath);
        Assert.Equal("main", config.Revision);
        Assert.Equal(LoraTaskType.CausalLM, config.TaskType);

        Assert.Equal(4, config.RankOf("model.layers.1.self_attn.q_proj"));
        Assert.Equal(5, config.RankOf("model.layers.10.self_attn.q_proj"));
        Assert.Equal(16, config.RankOf("model.layers.1.mlp.up_proj"));
        Assert.Equal(9 / Math.Sqrt(16), config.ScalingOf("model.layers.1.mlp.up_proj"), 1e-12);
        Assert.Equal(24.5 / Math.Sqrt(4), config.ScalingOf("model.layers.1.self_attn.q_proj"), 1e-12);

        Assert.True(config.Targets("model.layers.10.self_attn.q_proj"));
        Assert.False(config.Targets("model.layers.0.self_attn.q_proj"));
        Assert.False(config.Targets("model.layers.3.mlp.up_proj"));
        Assert.False(config.Targets("model.layers.1.self_attn.xq_proj"));
        Assert.False(config.Targets("model.other.1.self_attn.q_proj"));
    }

    [Fact]
    public void Read_AbsentFields_GetPeftDefaults()
    {
        LoraConfig config = Parse("""{"peft_type":"LORA","target_modules":"all-linear"}""");
        Assert.Equal(8, config.Rank);
        Assert.Equal(8, config.Alpha);
        Assert.Equal(1, config.ScalingOf("any"));
        Assert.False(config.UseRsLora || config.FanInFanOut || config.InferenceMode);
        Assert.True(config.Targets("model.layers.0.mlp.gate_proj"));
        Assert.False(config.Targets("lm_head"));
        Assert.Equal(LoraTaskType.Unspecified, config.TaskType);
    }

    [Theory]
    [InlineData(@".*\.(q|v)_proj", "model.layers.0.self_attn.v_proj", true)]
    [InlineData(@".*\.(q|v)_proj", "model.layers.0.self_attn.v_proj2", false)]
    [InlineData("q_proj", "model.layers.0.self_attn.q_proj", false)]
    [InlineData(@"model\.layers\.\d+\.(?!self_attn).*", "model.layers.0.mlp.up_proj", true)]
    [InlineData(@"model\.layers\.\d+\.(?!self_attn).*", "model.layers.0.self_attn.q_proj", false)]
    public void Targets_Expression_MustMatchTheWholePath(string expression, string path, bool expected) =>
        Assert.Equal(expected, new LoraConfig { TargetModules = TargetModules.Matching(expression) }.Targets(path));

    [Theory]
    [InlineData("model.layers.1.self_attn.q_proj", true)]
    [InlineData("model.layers.11.self_attn.q_proj", false)]
    [InlineData("model.q_proj", false)]
    public void Targets_LayersWithoutPattern_UseTheFirstNumber(string path, bool expected) =>
        Assert.Equal(expected, new LoraConfig { TargetModules = TargetModules.Named("q_proj"), LayersToTransform = [1] }.Targets(path));

    [Fact]
    public void Read_UnimplementedFeatures_AreAllNamed()
    {
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => Parse(
            """{"peft_type":"LORA","target_modules":["q_proj"],"use_dora":true,"bias":"all","modules_to_save":["lm_head"],"layer_replication":[[0,4]],"alora_invocation_tokens":[1],"new_thing":"x","lora_bias":true}"""));
        Assert.Equal(ModelFormatError.ConfigUnsupported, exception.Error);
        foreach (string name in (string[])["use_dora", "bias", "modules_to_save", "layer_replication", "alora_invocation_tokens", "new_thing", "lora_bias"])
        {
            Assert.Contains($"'{name}'", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_OtherPeftType_IsRefused() => Assert.Contains(
        "'IA3'", Assert.Throws<ModelFormatException>(() => Parse("""{"peft_type":"IA3","target_modules":["q"]}""")).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_WrongFields_AreAllListed()
    {
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => Parse(
            """{"peft_type":"LORA","target_modules":"([","r":0,"lora_alpha":"much","lora_dropout":1,"rank_pattern":{"q":-1,"(":2},"task_type":"CHAT","layers_to_transform":[-4,1.5]}"""));
        Assert.Equal(ModelFormatError.ConfigInvalid, exception.Error);
        foreach (string part in (string[])["target_modules", "Rank (r) is 0", "lora_alpha", "lora_dropout", "rank -1", "'(' is not a regular expression", "'CHAT'", "1.5"])
        {
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"peft_type":"LORA","target_modules":["q"],"rank_pattern":{"\ud800":1}}""")]
    [InlineData("""{"peft_type":"LORA","target_modules":["q"],"eva_config":{"\ud800":1}}""")]
    [InlineData("""{"peft_type":"LORA","target_modules":["q"],"\ud800":1}""")]
    [InlineData("""{"peft_type":"LORA","target_modules":["\ud800"]}""")]
    [InlineData("""{"peft_type":"\ud800","target_modules":"\udc00"}""")]
    public void Read_UnpairedSurrogates_AreFaultsOfTheFile(string json) => Assert.Throws<ModelFormatException>(() => Parse(json));

    [Fact]
    public void Validate_ExpressionWithLayers_IsRefusedLikePeft() => Assert.Throws<ArgumentException>(
        () => new LoraConfig { TargetModules = TargetModules.Matching(".*"), LayersToTransform = [1] }.Validate());

    [Fact]
    public void ModulePattern_CatastrophicExpression_EndsInTime()
    {
        // The look-ahead forces backtracking, where nested quantifiers take exponential time.
        LoraConfig config = new() { TargetModules = TargetModules.Matching("(?=a)(a+)+b") };
        Assert.Throws<ArgumentException>(() => config.Targets(new string('a', 60)));

        // Without it, matching is linear.
        Assert.False(new LoraConfig { TargetModules = TargetModules.Matching("(a+)+b") }.Targets(new string('a', 60)));
    }

    [Fact]
    public void Write_ThenRead_GivesTheSameConfiguration()
    {
        using TemporaryFolder folder = new();
        foreach (TargetModules targets in (TargetModules[])[TargetModules.AllLinear, TargetModules.Named("q_proj", "v_proj"), TargetModules.Matching(@".*\.up_proj")])
        {
            LoraConfig config = new()
            {
                Rank = 3,
                Alpha = 1.5,
                Dropout = 0.05,
                TargetModules = targets,
                ExcludeModules = ["x"],
                RankPattern = [new("b", 2), new("a", 4)],
                AlphaPattern = [new("z", 0.5), new("a", 3)],
                UseRsLora = true,
                LayersToTransform = targets.Expression is null ? [2, 0] : [],
                LayersPattern = targets.Expression is null ? ["h", "layers"] : [],
                FanInFanOut = true,
                BaseModelNameOrPath = "base/\"model\"",
                Revision = "r1",
                TaskType = LoraTaskType.QuestionAnswering,
                InferenceMode = false,
            };
            config.Write(folder.File("c.json"));
            LoraConfig read = LoraConfig.Read(folder.File("c.json"));
            read.Write(folder.File("d.json"));
            Assert.Equal(File.ReadAllText(folder.File("c.json")), File.ReadAllText(folder.File("d.json")));
            Assert.Equal(config.RankPattern, read.RankPattern);
            Assert.Equal(config.AlphaPattern, read.AlphaPattern);
            Assert.Equal(config.LayersToTransform, read.LayersToTransform);
            Assert.Equal(config.LayersPattern, read.LayersPattern);
            Assert.Equal(config.ExcludeModules, read.ExcludeModules);
            Assert.Equal(targets.Expression, read.TargetModules.Expression);
            Assert.Equal(targets.Names, read.TargetModules.Names);
            Assert.Equal(targets.IsAllLinear, read.TargetModules.IsAllLinear);
            Assert.Equal(
                (config.Rank, config.Alpha, config.Dropout, config.UseRsLora, config.FanInFanOut, config.BaseModelNameOrPath, config.Revision, config.TaskType, config.InferenceMode),
                (read.Rank, read.Alpha, read.Dropout, read.UseRsLora, read.FanInFanOut, read.BaseModelNameOrPath, read.Revision, read.TaskType, read.InferenceMode));
        }
    }

    [Fact]
    public void Read_FlippedAndTruncatedFiles_GiveTheExceptionOrAValidObject()
    {
        using TemporaryFolder folder = new();
        byte[] valid = Encoding.UTF8.GetBytes(
            """{"peft_type":"LORA","task_type":"CAUSAL_LM","r":4,"lora_alpha":8,"target_modules":["q_proj"],"rank_pattern":{"a":1},"layers_to_transform":[1],"use_dora":false}""");
        int refused = 0;
        Gen.Select(Gen.Int[1, valid.Length], Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte).Array[0, 4]).Sample(
            (length, flips) =>
            {
                byte[] bytes = valid.ToArray();
                foreach ((int at, byte value) in flips)
                {
                    bytes[at] ^= value;
                }

                File.WriteAllBytes(folder.File("f.json"), length % 2 == 0 ? bytes : bytes[..length]);
                try
                {
                    LoraConfig.Read(folder.File("f.json")).Validate();
                }
                catch (ModelFormatException)
                {
                    refused++;
                }
            },
            iter: 3000,
            threads: 1);
        Assert.True(refused > 100);
    }

    private static LoraConfig Parse(string json)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("adapter_config.json"), json);
        return LoraConfig.Read(folder.File("adapter_config.json"));
    }
}
