using System.Runtime.CompilerServices;

namespace OpenLedger.Lora.Inference;

/// <summary>Generation as a sequence.</summary>
public static class DecodeSessionExtensions
{
    /// <summary>Generates tokens; each is computed when the loop asks for it.</summary>
    /// <param name="session">The session to continue.</param>
    /// <param name="prompt">Tokens to append first; at least one.</param>
    /// <param name="options">How to choose and when to end.</param>
    /// <param name="cancellationToken">Stops between layers.</param>
    /// <returns>The tokens without the stop token. Enumerate once; leaving the loop ends the generation.</returns>
    /// <exception cref="ArgumentException">The options are invalid, or the prompt is empty or too long.</exception>
    public static IEnumerable<int> Generate(
        this DecodeSession session, ReadOnlySpan<int> prompt, GenerationOptions options, CancellationToken cancellationToken = default) =>
        Iterate(new TokenGeneration(session, prompt, options), cancellationToken);

    /// <summary>Generates tokens on the thread pool.</summary>
    /// <param name="session">The session to continue; leave it alone until the loop ends.</param>
    /// <param name="prompt">Tokens to append first; at least one.</param>
    /// <param name="options">How to choose and when to end.</param>
    /// <param name="cancellationToken">Stops between layers.</param>
    /// <returns>The tokens without the stop token. Enumerate once; leaving the loop ends the generation.</returns>
    /// <exception cref="ArgumentException">The options are invalid, or the prompt is empty or too long.</exception>
    public static IAsyncEnumerable<int> GenerateAsync(
        this DecodeSession session, ReadOnlySpan<int> prompt, GenerationOptions options, CancellationToken cancellationToken = default) =>
        IterateAsync(new TokenGeneration(session, prompt, options), cancellationToken);

    private static IEnumerable<int> Iterate(TokenGeneration generation, CancellationToken cancellationToken)
    {
        while (generation.TryNext(out int token, cancellationToken))
        {
            yield return token;
        }
    }

    private static async IAsyncEnumerable<int> IterateAsync(TokenGeneration generation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await Task.Run(() => generation.TryNext(out int token, cancellationToken) ? token : (int?)null, cancellationToken).ConfigureAwait(false) is int token)
        {
            yield return token;
        }
    }
}
