using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using OpenLedger.Lora.Gguf;
using OpenLedger.Lora.Templates;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Templates;

public sealed class ChatTemplateTests
{
    private static readonly string[] Pieces =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", " ", "\n", "(", ")", "[", "]", "{", "}", "'", "\"", "if ", "for ", "in ", "endif", "endfor", "else", "set ", "=", "x", "messages",
        ".", "|", "trim", "is ", "not ", "1", "2.5", ":", ",", "~", "*", "**", "//", "macro ", "namespace", "loop", "\\", "😀", "\ud83d",
    ];

    private static readonly JsonArray Hello = Messages(("user", "Hello"));

    [Theory]
    [InlineData("a\n{% include 'x' %}", "line 2: the statement 'include'")]
    [InlineData("{% import 'x' as y %}", "the statement 'import'")]
    [InlineData("{% extends 'x' %}", "the statement 'extends'")]
    [InlineData("{% call f() %}{% endcall %}", "the statement 'call'")]
    [InlineData("{% raw %}{% endraw %}", "the statement 'raw'")]
    [InlineData("{{ a\n | urlize }}", "line 2: the filter 'urlize'")]
    [InlineData("{{ a is sameas(b) }}", "the test 'sameas'")]
    [InlineData("{{ a.format(1) }}", "the method 'format'")]
    [InlineData("{{ a.append(1) }}", "the method 'append'")]
    [InlineData("{{ open('/etc/passwd') }}", "the function 'open'")]
    [InlineData("{{ lipsum() }}", "the function 'lipsum'")]
    [InlineData("{{ ''.__class__.__mro__ }}", "the attribute '__class__'")]
    [InlineData("{{ '%s' % 1 }}", "formatting text")]
    [InlineData("{% for x in y recursive %}{% endfor %}", "a recursive loop")]
    [InlineData("{{ f(*a) }}", "'*' before an argument")]
    [InlineData("{{ a | map(f) }}", "the filter 'map'")]
    [InlineData("{{ a | selectattr('x', 'nope') }}", "the filter 'selectattr'")]
    [InlineData("{{ a | trim(what=1) }}", "the argument 'what'")]
    public void Parse_UnsupportedConstruct_IsRefusedByNameAndLine(string source, string part)
    {
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => ChatTemplate.Parse(source));
        Assert.Equal(ModelFormatError.TemplateUnsupported, exception.Error);
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.Contains("line ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ a")]
    [InlineData("{% if a %}")]
    [InlineData("{% if %}{% endif %}")]
    [InlineData("{# never")]
    [InlineData("{{ 'open }}")]
    [InlineData("{% endif %}")]
    [InlineData("{% else %}")]
    [InlineData("{% break %}")]
    [InlineData("{{ (1 }}")]
    [InlineData("{{ ] }}")]
    [InlineData("{{ 1 + }}")]
    [InlineData("{{ a b }}")]
    [InlineData("{% set 1 = 2 %}")]
    [InlineData("{% for in x %}{% endfor %}")]
    [InlineData("{{ '\\uZZZZ' }}")]
    [InlineData("{{ ! }}")]
    [InlineData("{% macro f(a=1, b) %}{% endmacro %}")]
    [InlineData("{{ a | trim(1, 2) }}")]
    public void Parse_Malformed_IsRefused(string source) =>
        Assert.Equal(ModelFormatError.TemplateInvalid, Assert.Throws<ModelFormatException>(() => ChatTemplate.Parse(source)).Error);

    [Theory]
    [InlineData("{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}")]
    [InlineData("{{ range(10 ** 9) }}")]
    [InlineData("{% set ns = namespace(s='ab') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s='ab') %}{% for i in range(100) %}{% set ns.s = ns.s | replace('a', ns.s) %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s=[1]) %}{% for i in range(1000) %}{% set ns.s = [ns.s] %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s=[1]) %}{% for i in range(90) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}")]
    [InlineData("{% set ns = namespace(s=[1]) %}{% for i in range(90) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s | tojson }}")]
    [InlineData("{% set ns = namespace(s=[1]) %}{% for i in range(90) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s == ns.s | list }}")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}")]
    [InlineData("{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}")]
    [InlineData("{{ 'x' * 10 ** 9 }}")]
    [InlineData("{{ [1] * 10 ** 9 }}")]
    [InlineData("{{ 9 ** 9999 }}")]
    [InlineData("{{ ('x' | indent(10 ** 9, true)) * 10 ** 9 }}")]
    [InlineData("{% for i in range(100000) %}{{ 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' }}{% endfor %}")]
    public void Render_Bomb_EndsWithALimit(string source) => Assert.Equal(
        ModelFormatError.TemplateLimitExceeded, Assert.Throws<ModelFormatException>(() => ChatTemplate.Parse(source).Render(Hello)).Error);

    [Theory]
    [InlineData("{{ ", "(", "1", ")", " }}")]
    [InlineData("{{ ", "[", "1", "]", " }}")]
    [InlineData("{{ ", "not ", "1", "", " }}")]
    [InlineData("{{ ", "-", "1", "", " }}")]
    [InlineData("{{ 1", " + 1", "", "", " }}")]
    [InlineData("{{ 1", " if 1 else 1", "", "", " }}")]
    [InlineData("{{ a", "[0]", "", "", " }}")]
    [InlineData("{{ a", "|trim", "", "", " }}")]
    [InlineData("", "{% if 1 %}", "", "{% endif %}", "")]
    [InlineData("", "{% for i in 'a' %}", "", "{% endfor %}", "")]
    public void Parse_DeepNesting_EndsWithALimit(string start, string open, string middle, string close, string end)
    {
        string source = start + string.Concat(Enumerable.Repeat(open, 20_000)) + middle + string.Concat(Enumerable.Repeat(close, 20_000)) + end;
        Assert.Equal(ModelFormatError.TemplateLimitExceeded, Assert.Throws<ModelFormatException>(() => ChatTemplate.Parse(source)).Error);
    }

    [Fact]
    public void Parse_HugeSource_IsRefused() => Assert.Equal(
        ModelFormatError.TooLarge, Assert.Throws<ModelFormatException>(() => ChatTemplate.Parse(new string('x', (1 << 20) + 1))).Error);

    [Fact]
    public void ParseAndRender_DamagedTemplates_GiveTheDocumentedExceptions()
    {
        string[] sources = [.. BuiltInChatTemplates.All.Select(t => t.Template.Source)];
        JsonObject conversation = JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "golden", "chat-templates", "conversations.json")))!["tools"]!.AsObject();
        int rendered = 0;
        Gen.Select(Gen.Int[0, sources.Length - 1], Gen.Int[0, 4000], Gen.Int[0, 30], Gen.Int[0, sources.Length - 1], Gen.Int[0, 4000], Gen.Int[0, 40]).Sample(
            (a, at, cut, b, from, length) =>
            {
                string source = sources[a];
                at = Math.Min(at, source.Length);
                string donor = sources[b];
                from = Math.Min(from, donor.Length);
                string damaged = string.Concat(source.AsSpan(0, at), donor.AsSpan(from, Math.Min(length, donor.Length - from)), source.AsSpan(Math.Min(source.Length, at + cut)));
                try
                {
                    ChatTemplate.Parse(damaged).Render(conversation["messages"]!.AsArray(), conversation["tools"]!.AsArray());
                    Interlocked.Increment(ref rendered);
                }
                catch (ModelFormatException exception)
                {
                    Assert.Contains("line ", exception.Message, StringComparison.Ordinal);
                }
                catch (ArgumentException exception)
                {
                    Assert.Contains("refuses the conversation", exception.Message, StringComparison.Ordinal);
                }
            },
            iter: 3000);
        Assert.True(rendered > 100, $"only {rendered} damaged templates could still be rendered");
    }

    [Fact]
    public void ParseAndRender_RandomText_GivesTheDocumentedExceptions() =>
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i])
            .Array[0, 30].Select(string.Concat).Sample(
            source =>
            {
                try
                {
                    ChatTemplate.Parse(source).Render(Hello);
                }
                catch (ModelFormatException)
                {
                }
            },
            iter: 5000);

    [Fact]
    public void Render_FixturesOfAttacks_AreRefused()
    {
        string[] files = Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "tests", "attacks", "templates"), "*.jinja");
        Assert.True(files.Length >= 5);
        Assert.All(files, file => Assert.Throws<ModelFormatException>(() => ChatTemplate.Parse(File.ReadAllText(file)).Render(Hello)));
    }

    [Fact]
    public void Render_FromManyThreads_GivesTheSame()
    {
        ChatTemplate template = BuiltInChatTemplates.Llama31.Template;
        string expected = template.Render(Hello);
        Parallel.For(0, 200, _ => Assert.Equal(expected, template.Render(Hello)));
    }

    [Fact]
    public void Render_Now_ComesFromTheClock()
    {
        ChatTemplate template = ChatTemplate.Parse("{{ strftime_now('%d %b %Y, %-d. %B %H:%M:%S %A %j %%') }}");
        Assert.Equal("02 Jan 2025, 2. January 03:04:05 Thursday 002 %", template.Render(Hello, timeProvider: new FixedTime()));
        Assert.Equal(ModelFormatError.TemplateUnsupported, Assert.Throws<ModelFormatException>(() => ChatTemplate.Parse("{{ strftime_now('%Q') }}").Render(Hello)).Error);
    }

    [Fact]
    public void Render_RealQwenTemplate_WritesToolsAndCalls()
    {
        ChatTemplate template = ChatTemplate.Load(RealData.Require("tokenizers/qwen2"))!;
        Assert.Equal("<|im_end|>", template.SpecialTokens["eos_token"]);
        Assert.Equal(
            "<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n",
            template.Render(Hello));
        JsonObject conversation = JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "golden", "chat-templates", "conversations.json")))!["tools"]!.AsObject();
        Assert.Equal(
            "<|im_start|>system\nUse tools.\n\n# Tools\n\nYou may call one or more functions to assist with the user query.\n\nYou are provided with function signatures within <tools></tools> XML tags:\n<tools>\n"
            + "{\"type\": \"function\", \"function\": {\"name\": \"weather\", \"description\": \"The \\\"weather\\\" in a city – now\", \"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}, "
            + "\"days\": {\"type\": \"integer\", \"minimum\": 1}}, \"required\": [\"city\"]}}}"
            + "\n</tools>\n\nFor each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\n<tool_call>\n{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call><|im_end|>\n"
            + "<|im_start|>user\nWeather in Köln?<|im_end|>\n<|im_start|>assistant\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Köln\", \"days\": 2, \"exact\": null, \"t\": 1.5}}\n</tool_call><|im_end|>\n"
            + "<|im_start|>user\n<tool_response>\n{\"degrees\": 21}\n</tool_response><|im_end|>\n<|im_start|>assistant\n21 degrees.<|im_end|>\n<|im_start|>user\nThanks<|im_end|>\n<|im_start|>assistant\n",
            template.Render(conversation["messages"]!.AsArray(), conversation["tools"]!.AsArray()));
    }

    [Theory]
    [InlineData("mistral-v1", "tokenizers/mistral-v1/chat_no_tools.json")]
    [InlineData("mistral-v3", "tokenizers/mistral-v3/chat_no_tools.json")]
    [InlineData("mistral-v3", "tokenizers/mistral-v3/chat_get_weather_full.json")]
    [InlineData("mistral-v3", "tokenizers/mistral-v3/chat_parallel_calls.json")]
    public void Render_Mistral_EqualsTheSamplesOfMistralCommon(string name, string path)
    {
        JsonNode sample = JsonNode.Parse(File.ReadAllText(RealData.Require(path)))!["cases"]![0]!;

        // The samples show pieces of the tokenizer: U+2581 for a space, bytes in angle brackets.
        string expected = sample["rendered"]!.GetValue<string>().Replace('▁', ' ').Replace("<0x0A>", "\n", StringComparison.Ordinal);
        JsonArray tools = sample["request"]!["tools"]!.AsArray(), messages = sample["request"]!["messages"]!.AsArray();
        ChatTemplate template = BuiltInChatTemplates.Get(name).Template;
        Assert.Equal(expected, template.Render(messages, tools, addGenerationPrompt: false));

        Tokenizer tokenizer = TokenizerFiles.LoadModel(
            RealData.Require($"tokenizers/{name}/tokenizer.model.{name[^2..]}"), new TokenizerConfig(), family: null);
        Assert.Equal(
            sample["ids"]!.AsArray().Select(id => id!.GetValue<int>()), template.Encode(tokenizer, messages, tools, addGenerationPrompt: false));
    }

    [Fact]
    public void Load_NamedTemplates_TakeToolUseForTools()
    {
        using TemporaryFolder folder = new();
        Assert.Null(ChatTemplate.Load(folder.Path));
        File.WriteAllText(folder.File("tokenizer_config.json"), """
            {"bos_token": {"content": "<s>"}, "eos_token": "</s>", "pad_token": null,
             "chat_template": [{"name": "default", "template": "{{ bos_token }}D"}, {"name": "tool_use", "template": "{{ bos_token }}T{{ tools | length }}"}]}
            """);
        ChatTemplate template = ChatTemplate.Load(folder.Path)!;
        Assert.Equal("<s>D", template.Render(Hello));
        Assert.Equal("<s>T1", template.Render(Hello, [new JsonObject()]));
        File.WriteAllText(folder.File("chat_template.jinja"), "F{{ eos_token }}{{ pad_token is defined }}");
        Assert.Equal("F</s>False", ChatTemplate.Load(folder.Path)!.Render(Hello));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Load_Gguf_ReadsTheTemplateOfTheMetadata(bool hasTemplate)
    {
        using TemporaryFolder folder = new();
        List<KeyValuePair<string, object>> metadata =
        [
            new("general.architecture", "llama"), new("tokenizer.ggml.model", "llama"), new("tokenizer.ggml.tokens", new[] { "<s>", "</s>" }),
            new("tokenizer.ggml.bos_token_id", 0u), new("tokenizer.ggml.eos_token_id", 1u),
        ];
        if (hasTemplate)
        {
            metadata.Add(new("tokenizer.chat_template", "{{ bos_token }}G{{ eos_token }}"));
        }

        GgufWriter.Write(folder.File("model.gguf"), metadata, [new GgufTensor { Name = "a", Shape = [1], Values = new float[1] }]);
        Assert.Equal(hasTemplate ? "<s>G</s>" : null, ChatTemplate.Load(folder.File("model.gguf"))?.Render(Hello));
    }

    [Theory]
    [InlineData("[]", ModelFormatError.ConfigInvalid)]
    [InlineData("{", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"chat_template": 1}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"chat_template": [{"name": "a"}]}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"chat_template": [{"name": "a", "template": ""}, {"name": "a", "template": ""}]}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"chat_template": [{"name": "a", "template": ""}]}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"chat_template": "\ud800"}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"bos_token": 5}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"chat_template": "{{ x"}""", ModelFormatError.TemplateInvalid)]
    [InlineData("""{"chat_template": "{% include 'x' %}"}""", ModelFormatError.TemplateUnsupported)]
    public void Load_Malformed_NamesTheFile(string json, ModelFormatError error)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("tokenizer_config.json"), json, new UTF8Encoding(false));
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => ChatTemplate.Load(folder.Path));
        Assert.Equal(error, exception.Error);
        Assert.Contains("tokenizer_config.json", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_UnknownName_ListsTheKnown() => Assert.Contains(
        "chatml, llama2", Assert.Throws<ArgumentException>(() => BuiltInChatTemplates.Get("nope")).Message, StringComparison.Ordinal);

    private static JsonArray Messages(params (string Role, string Content)[] messages) =>
        [.. messages.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })];

    private sealed class FixedTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2025, 1, 2, 3, 4, 5, TimeSpan.Zero);
    }
}
