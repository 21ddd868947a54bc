namespace OpenLedger.Datanets.Tests.Validation;

/// <summary>Reads damaged copies of a document: each gives a value or a <see cref="DatanetException"/>, and some of both must occur.</summary>
internal static class Fuzzing
{
    public static void Flip(byte[] valid, int rounds, Action<byte[]> read)
    {
        Random random = new(20);
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < rounds; i++)
        {
            byte[] bytes = random.Next(4) == 0 ? valid[..random.Next(valid.Length + 1)] : [.. valid];
            for (int flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(32, 127);
            }

            try
            {
                read(bytes);
                accepted++;
            }
            catch (DatanetException)
            {
                refused++;
            }
        }

        Assert.True(accepted > rounds / 100 && refused > rounds / 10, $"{accepted} accepted, {refused} refused");
    }
}
