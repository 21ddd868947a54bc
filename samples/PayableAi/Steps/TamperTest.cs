using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Verification;

namespace PayableAi.Steps;

/// <summary>Changes single bytes of the exported files, one at a time, and asks whether the verifier notices each.</summary>
internal static class TamperTest
{
    public const int Flips = 200;

    /// <returns>How many of the <see cref="Flips"/> changes were rejected.</returns>
    public static int Run(string exportFolder, EthereumAddress expectedOperator, int seed)
    {
        Random random = new(seed);
        string copy = Directory.CreateTempSubdirectory("openledger-tamper-").FullName;
        try
        {
            Dictionary<string, byte[]> files = Directory.EnumerateFiles(exportFolder).Order(StringComparer.Ordinal)
                .ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes, StringComparer.Ordinal);
            foreach ((string name, byte[] bytes) in files)
            {
                File.WriteAllBytes(Path.Combine(copy, name), bytes);
            }

            if (!SettlementVerifier.Verify(copy, expectedOperator).Passed)
            {
                throw new InvalidOperationException("The untouched copy of the export does not verify, so rejections would mean nothing.");
            }

            int rejected = 0;
            for (int flip = 0; flip < Flips; flip++)
            {
                // Every byte of the export is equally likely, whatever file it is in.
                long offset = random.NextInt64(files.Values.Sum(f => (long)f.Length));
                (string name, byte[] bytes) = files.First(f => (offset -= f.Value.Length) < 0);
                int index = (int)(offset + bytes.Length);
                byte[] changed = [.. bytes];
                changed[index] ^= (byte)random.Next(1, 256);
                File.WriteAllBytes(Path.Combine(copy, name), changed);
                if (!SettlementVerifier.Verify(copy, expectedOperator).Passed)
                {
                    rejected++;
                }

                File.WriteAllBytes(Path.Combine(copy, name), bytes);
            }

            return rejected;
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }
}
