using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Inference;

/// <summary>The slope of every head of attention with linear biases (Press et al., arXiv 2108.12409).</summary>
internal static class AlibiSlopes
{
    /// <summary>Slopes of all heads: <c>2^(-8k/p)</c> for the first p, then the odd powers of <c>2^(-4/p)</c>.</summary>
    /// <param name="alibi">Rounding of the slopes.</param>
    /// <param name="heads">H; p is the largest power of two up to H.</param>
    public static float[] Of(AlibiDescription alibi, int heads)
    {
        int power = 1 << System.Numerics.BitOperations.Log2((uint)heads);
        float[] slopes = new float[heads];
        for (int head = 0; head < heads; head++)
        {
            double exponent = head < power ? -8.0 * (head + 1) / power : -4.0 * ((2 * (head - power)) + 1) / power;
            float slope = (float)Math.Pow(2, exponent);
            slopes[head] = alibi.SlopesInBFloat16 ? BitConverter.UInt32BitsToSingle((uint)BFloat16Conversion.Narrow(slope) << 16) : slope;
        }

        return slopes;
    }
}
