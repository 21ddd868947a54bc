namespace OpenLedger.Lora.Merging;

/// <summary>How several adapters become one. ΔW_i = s_i·B_i·A_i is the update of adapter i, w_i its weight.</summary>
public enum MergeMethod
{
    /// <summary>
    /// PEFT: A = Σ ±√|w s|·A_i and B = Σ √|w s|·B_i, which mixes the factors (equal ranks). mergekit: Σ w_i·ΔW_i / Σ w_i, exact.
    /// </summary>
    Linear,

    /// <summary>Σ w_i·ΔW_i exactly, by stacking the factors; the rank is the sum of the ranks. Both semantics agree.</summary>
    Concatenate,

    /// <summary>Σ w_i·ΔW_i, then the best approximation of the asked rank.</summary>
    Svd,

    /// <summary>Σ w_i·ΔW_i, as task arithmetic (arXiv 2212.04089); <see cref="MergeOptions.Lambda"/> scales the sum.</summary>
    TaskArithmetic,

    /// <summary>Trim small entries, elect a sign per entry, average those that agree (arXiv 2306.01708).</summary>
    Ties,

    /// <summary>Drop entries at random and rescale the rest, then add (arXiv 2311.03099).</summary>
    DareLinear,

    /// <summary>Drop at random, then elect signs as TIES does.</summary>
    DareTies,

    /// <summary>Drop at random with a probability that falls with the magnitude's rank within its row, then elect signs (arXiv 2406.11617).</summary>
    Della,

    /// <summary>Drop the largest outliers and the smallest entries, then add (arXiv 2312.06795).</summary>
    Breadcrumbs,

    /// <summary>Keep the largest entries, then add.</summary>
    MagnitudePrune,

    /// <summary>Spherical interpolation between two updates; t is the second weight's share of the sum.</summary>
    Slerp,

    /// <summary>Interpolates between the mean update and none by how far the updates agree (arXiv 2403.19522).</summary>
    ModelStock,

    /// <summary>Select entries of high variance, weigh by energy, erase the minority sign (arXiv 2408.07990).</summary>
    Sce,

    /// <summary>The mean direction on the sphere, with the mean length.</summary>
    KarcherMean,

    /// <summary>TIES or DARE on the right factors of a joint SVD (arXiv 2410.19735).</summary>
    Knots,

    /// <summary>Project every update on a shared low-rank pair of subspaces and merge the small cores (arXiv 2606.03723).</summary>
    CompressThenMerge,
}
