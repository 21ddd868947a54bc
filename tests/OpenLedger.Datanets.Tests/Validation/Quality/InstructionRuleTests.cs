using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Tests.Validation.Quality;

public class InstructionRuleTests
{
    private static readonly InstructionRule Rule = new();

    [Theory]
    [InlineData("""{"question":"What is 3 + 4?","answer":"7"}""")]
    [InlineData("""{"question":"What is 3 + 4?","answer":7}""")]
    [InlineData("""{"instruction":"hi","input":"","output":"Hello there!"}""")]
    [InlineData("""{"prompt":"Translate this sentence to French, please: I like the old house by the sea, and the garden behind it is beautiful.","completion":"J'aime beaucoup la vieille maison qui se trouve au bord de la mer, et le jardin derrière elle est magnifique."}""", "language_mismatch")]
    [InlineData("""{"instruction":"嗨","output":"嗨！很高興見到你。"}""")]
    [InlineData("""{"answer":"7"}""", "question_missing")]
    [InlineData("""{"question":" ","answer":"7"}""", "question_missing")]
    [InlineData("""{"question":null,"answer":"7"}""", "question_missing")]
    [InlineData("""{"question":"x","answer":"7"}""", "question_short")]
    [InlineData("""{"question":"What is 3 + 4?"}""", "answer_missing")]
    [InlineData("""{"question":"What is 3 + 4?","answer":"\n "}""", "answer_missing")]
    [InlineData("""{"question":"What is it?","answer":"  what IS it? "}""", "answer_equals_question")]
    [InlineData("""{"question":"How do I open it?","answer":"I'm sorry, but I can’t do that."}""", "answer_refusal")]
    [InlineData("""{"question":"Làm sao mở được?","answer":"Xin lỗi, tôi không thể giúp bạn."}""", "answer_refusal")]
    [InlineData("""{"question":"Who won?","answer":"As an AI language model, I was not there."}""", "answer_boilerplate")]
    [InlineData("""{"question":"","answer":""}""", "question_missing", "answer_missing")]
    public void Examine_Records_FindWhatIsWrong(string json, params string[] codes) =>
        Assert.Equal(codes, RuleTesting.Codes(RuleTesting.Validate(Rule, DatanetRecord.Parse(json))));

    [Fact]
    public void Examine_Lengths_AreExact()
    {
        InstructionRule rule = new(new InstructionOptions { MinQuestionLength = 3, MaxQuestionLength = 6, MinAnswerLength = 2, MaxAnswerLength = 4 });
        Assert.Empty(Codes(("question", " abc "), ("input", "x"), ("answer", "ab")));
        Assert.Equal(["question_short", "answer_short"], Codes(("question", " ab "), ("answer", " a ")));
        Assert.Equal(["question_long", "answer_long"], Codes(("question", "abcd"), ("input", "xyz"), ("answer", "abcde")));
        string[] Codes(params (string, string)[] members) => RuleTesting.Codes(RuleTesting.Validate(rule, RuleTesting.Record(members)));
    }

    // An answer of 14 words has 10 5-grams. With k words of its own at the end, the last k of them are its own.
    [Theory]
    [InlineData(2, false)] // 8 of 10
    [InlineData(1, true)]
    public void Examine_CopiedAnswer_IsFoundAboveFourFifths(int own, bool isFound)
    {
        string[] question = [.. Enumerable.Range(0, 20).Select(i => $"w{i}")];
        string answer = string.Join(", ", question.Take(14 - own)).ToUpperInvariant() + string.Concat(Enumerable.Range(0, own).Select(i => $" own{i}"));
        RecordReport report = RuleTesting.Validate(Rule, RuleTesting.Record(("question", string.Join(' ', question)), ("answer", answer)));
        Assert.Equal(isFound, RuleTesting.Codes(report).Contains("answer_copies_question"));
        report = RuleTesting.Validate(Rule, RuleTesting.Record(("question", "What does it say?"), ("input", string.Join(' ', question)), ("answer", answer)));
        Assert.Equal(isFound, RuleTesting.Codes(report).Contains("answer_copies_question"));
    }

    [Fact]
    public void Examine_OtherFields_AreReadWhereTheProfileSays()
    {
        ValidationProfile profile = ValidationProfile.Custom("faq")
            .Fields(new RecordFields { Question = ["frage"], Answer = ["antwort"] })
            .Add(Rule)
            .Build();
        Assert.Empty(new RecordValidator(profile).Validate(RuleTesting.Record(("frage", "Wie viele?"), ("antwort", "Drei"))).Findings);
    }
}
