using System.Text;
using CsCheck;
using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Lora.Tests.Tokenization;

public sealed class IncrementalDetokenizerTests
{
    private static ByteLevelBpeTokenizer Tokenizer => TokenizationCorpus.Tokenizer;

    [Fact]
    public void Push_AnyIds_AddsUpToDecodeAndNeverSplitsACharacter()
    {
        // Random ids give invalid UTF-8 most of the time; bytes of one character torn apart by a control token too.
        Gen<int> lateByte = Gen.Int[0x80, 0xFF].Select(value => IdOfByte((byte)value));
        Gen.Frequency((3, Gen.Int[0, 399]), (3, lateByte), (1, Gen.Int[0, 3])).Array[0, 50].Sample(
            ids =>
            {
                IncrementalDetokenizer detokenizer = Tokenizer.CreateDetokenizer();
                string[] pieces = [.. ids.Select(detokenizer.Push), detokenizer.Flush()];
                return pieces.All(piece => piece == string.Concat(piece.EnumerateRunes())) && string.Concat(pieces) == Tokenizer.Decode(ids);
            },
            iter: 5000);
    }

    [Fact]
    public void Push_BytesOfOneCharacter_HoldsBackUntilComplete()
    {
        IncrementalDetokenizer detokenizer = Tokenizer.CreateDetokenizer();
        int[] ids = [.. Encoding.UTF8.GetBytes("\U0001F99E").Select(IdOfByte)];

        Assert.Equal(["", "", "", "\U0001F99E"], ids.Select(detokenizer.Push));
        Assert.Equal("", detokenizer.Flush());
    }

    [Fact]
    public void Flush_IncompleteCharacter_GivesReplacementCharacterOnceAndStartsAnew()
    {
        IncrementalDetokenizer detokenizer = Tokenizer.CreateDetokenizer();

        Assert.Equal("", detokenizer.Push(IdOfByte(0xF0)));
        Assert.Equal("\uFFFD", detokenizer.Flush());
        Assert.Equal("", detokenizer.Flush());
        Assert.Equal("a", detokenizer.Push(IdOfByte((byte)'a')));
    }

    private static int IdOfByte(byte value) =>
        TokenizationCorpus.Vocabulary.Tokens.Index().First(token => token.Item == ByteAlphabet.ToCharacter(value).ToString()).Index;
}
