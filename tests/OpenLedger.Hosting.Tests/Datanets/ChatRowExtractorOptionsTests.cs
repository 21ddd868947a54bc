using OpenLedger.Hosting.Datanets;

namespace OpenLedger.Hosting.Tests.Datanets;

public sealed class ChatRowExtractorOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreLegal() => new ChatRowExtractorOptions().Validate();

    [Fact]
    public void Validate_EveryFault_IsReportedAtOnce()
    {
        ChatRowExtractorOptions options = new()
        {
            Instructions = new string('x', 20_001),
            MaxParts = 0,
            MaxRowsPerPart = 1001,
            MaxOutputTokens = 15,
            MaxAnswerBytes = 63,
            MaxAttempts = 11,
            Temperature = float.NaN,
            FaultAction = (ChatRowFaultAction)9,
            MinQuoteLength = 4097,
            EvidenceField = "page",
            AnswerField = "source",
        };
        Assert.Equal(
            "Instructions has 20001 characters; it must not be null and have at most 20000. MaxParts is 0; it must be from 1 to 100000. "
            + "MaxRowsPerPart is 1001; it must be from 1 to 1000. MaxOutputTokens is 15; it must be from 16 to 1000000. "
            + "MaxAnswerBytes is 63; it must be from 64 to 16777216. MaxAttempts is 11; it must be from 1 to 10. "
            + "Temperature is NaN; it must be from 0 to 2. FaultAction is 9; use a named action. MinQuoteLength is 4097; it must be from 1 to 4096. "
            + "EvidenceField 'page' is one of ProvenanceFields; the model must be able to fill it. AnswerField 'source' is one of ProvenanceFields; use null.",
            Assert.Throws<ArgumentException>(options.Validate).Message);
    }

    [Fact]
    public void Validate_Names_MustBeThere()
    {
        Assert.Equal(
            "ProvenanceFields is null or holds an empty name; use [] for none. EvidenceField is '$salt'; it must not be empty or begin with '$'.",
            Assert.Throws<ArgumentException>(new ChatRowExtractorOptions { ProvenanceFields = [""], EvidenceField = "$salt" }.Validate).Message);
        new ChatRowExtractorOptions { ProvenanceFields = [], AnswerField = null }.Validate();
    }
}
