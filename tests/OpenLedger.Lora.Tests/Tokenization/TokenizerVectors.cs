using System.Text.Json;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Tokenization;

/// <summary>Texts with the ids that the authors of a tokenizer, or the programs that serve it, give them.</summary>
internal static class TokenizerVectors
{
    /// <summary>Checks every case of a file, whose ids include what surrounds a text where the file says so; returns how many.</summary>
    public static int Check(Tokenizer tokenizer, string path, int atLeast, bool isLossless = true, Predicate<string>? only = null)
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllBytes(RealData.Require(path)));
        bool addsSpecials = vectors.RootElement.GetProperty("add_special_tokens").GetBoolean();
        int count = 0;
        foreach (JsonElement vector in vectors.RootElement.GetProperty("cases").EnumerateArray())
        {
            string text = vector.GetProperty("text").GetString()!;
            if (only?.Invoke(text) == false)
            {
                continue;
            }

            int[] expected = [.. vector.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            Assert.Equal(expected, addsSpecials ? tokenizer.EncodePrompt(text) : tokenizer.EncodeText(text));
            if (isLossless)
            {
                Assert.Equal(text, tokenizer.Decode(expected));
                AssertStreams(tokenizer, expected, text);
            }

            count++;
        }

        Assert.True(count >= atLeast, $"only {count} cases in {path}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{path}: {count} texts, ids exact{(isLossless ? ", decoded back" : "")}");
        return count;
    }

    private static void AssertStreams(Tokenizer tokenizer, int[] ids, string text)
    {
        IncrementalDetokenizer detokenizer = tokenizer.CreateDetokenizer();
        string[] pieces = [.. ids.Select(detokenizer.Push), detokenizer.Flush()];
        Assert.Equal(text, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.Equal(piece, string.Concat(piece.EnumerateRunes())));
    }
}
