using OpenLedger.Datanets.Access;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Access;

public sealed class AccessScopeTests
{
    private static readonly DatanetRecord Chat = DatanetRecord.Parse(
        """{"id":7,"meta":{"a/b":1,"t~x":2,"score":null},"messages":[{"role":"user","content":"hi"},{"role":"assistant"},{"content":"yo","name":"bo"},3]}""");

    [Theory]
    [InlineData("/id", """{"id":7}""")]
    [InlineData("/meta", """{"meta":{"a/b":1,"score":null,"t~x":2}}""")]
    [InlineData("/meta/a~1b", """{"meta":{"a/b":1}}""")]
    [InlineData("/meta/t~0x", """{"meta":{"t~x":2}}""")]
    [InlineData("/meta/score", """{"meta":{"score":null}}""")]
    [InlineData("/messages/content", """{"messages":[{"content":"hi"},{"content":"yo"}]}""")]
    [InlineData("/messages", """{"messages":[{"content":"hi","role":"user"},{"role":"assistant"},{"content":"yo","name":"bo"},3]}""")]
    [InlineData("/none", "{}")]
    [InlineData("/id/deeper", "{}")]
    [InlineData("/messages/none", "{}")]
    public void Project_OneField_KeepsItAlone(string field, string expected)
    {
        ScopedRecord scoped = new AccessScope { Fields = [field] }.Project(Chat);
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(scoped.Visible.Payload.Span));
        Assert.False(scoped.IsWhole);
        Assert.Equal(Chat.Digest, scoped.Source);
        Assert.NotEqual(Chat.Digest, scoped.Visible.Digest);
    }

    [Fact]
    public void Project_EverythingOrEveryField_IsTheRecordItself()
    {
        Assert.True(AccessScope.Everything.Project(Chat).IsWhole);
        ScopedRecord all = new AccessScope { Fields = ["/id", "/meta/score", "/meta", "/messages"] }.Project(Chat);
        Assert.Equal((true, Chat.Digest), (all.IsWhole, all.Visible.Digest));
    }

    [Fact]
    public void Covers_EveryListThatIsNotEmpty_MustBeSatisfied()
    {
        AccessScope scope = new() { Splits = ["train"], Contributors = [JournalBench.Person("a")], Licences = ["MIT"], Tags = ["x", "y"] };
        AccessRecordFacts facts = new() { Contributor = JournalBench.Person("a"), Split = "train", Licence = "MIT", Tags = ["z", "y"] };
        Assert.True(scope.Covers(facts));
        Assert.False(scope.Covers(facts with { Split = "test" }));
        Assert.False(scope.Covers(facts with { Split = null }));
        Assert.False(scope.Covers(facts with { Contributor = JournalBench.Person("b") }));
        Assert.False(scope.Covers(facts with { Licence = "mit" }));
        Assert.False(scope.Covers(facts with { Licence = null }));
        Assert.False(scope.Covers(facts with { Tags = [] }));
        Assert.True(AccessScope.Everything.Covers(new() { Contributor = JournalBench.Person("b") }));
    }
}
