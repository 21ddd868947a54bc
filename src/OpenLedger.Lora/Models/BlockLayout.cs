namespace OpenLedger.Lora.Models;

/// <summary>Where a decoder block normalises and adds. <c>n1</c> is the attention norm, <c>n2</c> the MLP norm.</summary>
public enum BlockLayout
{
    /// <summary><c>x += attention(n1(x)); x += mlp(n2(x))</c></summary>
    Sequential,

    /// <summary><c>x += attention(n1(x)) + mlp(n1(x))</c>: one norm, both branches (Falcon 7B).</summary>
    ParallelOneNorm,

    /// <summary><c>x += attention(n1(x)) + mlp(n2(x))</c>: both branches read the same stream (Falcon 40B).</summary>
    ParallelTwoNorms,

    /// <summary><c>x += p1(attention(n1(x))); x += p2(mlp(n2(x)))</c>: the branch outputs are normalised too (Gemma 2 and 3, GLM-4-0414).</summary>
    Sandwich,

    /// <summary><c>h = n1(x); x = α·h + attention(h); h = n2(x); x = α·h + mlp(h)</c> (ChatGLM-6B); α is <see cref="DecoderDescription.ResidualScale"/>.</summary>
    NormedResidual,
}
