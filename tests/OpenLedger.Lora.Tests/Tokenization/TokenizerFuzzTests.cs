using System.Globalization;
using System.Text;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Tokenization.SentencePiece;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Tokenization;

/// <summary>
/// Damaged copies of valid files: each gives a working tokenizer or a <see cref="TokenizerFormatException"/>, nothing else. The number of
/// executions per kind is <c>OPENLEDGER_FUZZ_EXECUTIONS</c>.
/// </summary>
public sealed class TokenizerFuzzTests
{
    private const int DefaultExecutions = 6_000;
    private const string Text = "a\u0301b  <0x41><s> the\u00A0\U00010400 \uFF21\n\t<x>";

    [Fact]
    public void Load_DamagedSentencePieceBpe_IsRefusedOrWorks() => Fuzz(TinyModels.Bpe(), bytes => TokenizerFiles.LoadModel(bytes, "x", new TokenizerConfig(), null));

    [Fact]
    public void Load_DamagedSentencePieceUnigram_IsRefusedOrWorks() => Fuzz(TinyModels.Unigram(), bytes => TokenizerFiles.LoadModel(bytes, "x", new TokenizerConfig(), null));

    [Fact]
    public void Load_DamagedTiktoken_IsRefusedOrWorks() =>
        Fuzz(TinyModels.Ranks(), bytes => TokenizerFiles.LoadModel(bytes, "x", new TokenizerConfig(), TokenizerFamily.Llama3));

    [Fact]
    public void Load_DamagedPieceJson_IsRefusedOrWorks()
    {
        using var folder = new TemporaryFolder();
        Fuzz(Encoding.UTF8.GetBytes(TinyModels.PieceJson), bytes =>
        {
            File.WriteAllBytes(folder.File("tokenizer.json"), bytes);
            return Tokenizer.Load(folder.Path);
        });
    }

    private static void Fuzz(byte[] valid, Func<byte[], Tokenizer> load)
    {
        int executions = int.Parse(Environment.GetEnvironmentVariable("OPENLEDGER_FUZZ_EXECUTIONS") ?? "0", CultureInfo.InvariantCulture);
        executions = executions > 0 ? executions : DefaultExecutions;
        Check(load(valid));
        Random random = new(20);
        int accepted = 0;
        for (int i = 0; i < executions; i++)
        {
            byte[] bytes = Damaged(valid, random);
            try
            {
                Check(load(bytes));
                accepted++;
            }
            catch (TokenizerFormatException)
            {
                // The documented answer to a file that is not one.
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{executions} executions, {accepted} loaded, {executions - accepted} refused");
        Assert.True(accepted > executions / 1000 && accepted < executions * 49 / 50, $"{accepted} of {executions} loaded: the damage is too strong or too weak");
    }

    private static void Check(Tokenizer tokenizer)
    {
        IReadOnlyList<int> ids = tokenizer.EncodePrompt(Text);

        // Only the unknown piece, under whatever name the damage gave it.
        Assert.True(tokenizer.EncodeText(Text).Where(tokenizer.IsSpecial).Distinct().Count() <= 1, "text became a control token");
        IncrementalDetokenizer detokenizer = tokenizer.CreateDetokenizer();
        Assert.Equal(tokenizer.Decode([.. ids]), string.Concat(ids.Select(detokenizer.Push)) + detokenizer.Flush());
    }

    /// <summary>Flipped bytes, bombs of length, removed, doubled and exchanged stretches, and cut ends.</summary>
    private static byte[] Damaged(byte[] valid, Random random)
    {
        int at = random.Next(valid.Length);
        int count = Math.Min(random.Next(1, 24), valid.Length - at);
        int from = random.Next(valid.Length - count + 1);
        switch (random.Next(8))
        {
            case 0:
                return valid[..at];
            case 1:
                return [.. valid[..at], .. valid[(at + count)..]];
            case 2:
                return [.. valid[..at], .. valid[from..(from + count)], .. valid[at..]];
            case 3:
                return [.. valid[..at], 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, .. valid[at..]];
            default:
                byte[] bytes = [.. valid];
                for (int flips = random.Next(1, 4); flips > 0; flips--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                return bytes;
        }
    }
}
