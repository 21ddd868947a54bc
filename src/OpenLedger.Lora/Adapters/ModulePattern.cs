using System.Text.RegularExpressions;

namespace OpenLedger.Lora.Adapters;

/// <summary>A regular expression from a configuration, which may be hostile: matched in linear time where possible, else with a time limit.</summary>
internal sealed class ModulePattern
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(1);
    private readonly Regex _regex;

    /// <param name="expression">Python syntax as far as .NET shares it.</param>
    /// <param name="prefixed">Whether <c>(.*\.)?</c> may come before it, as PEFT allows in rank and alpha patterns.</param>
    /// <exception cref="ArgumentException">The expression is invalid.</exception>
    public ModulePattern(string expression, bool prefixed)
    {
        string whole = prefixed ? $@"\A(?:.*\.)?(?:{expression})\z" : $@"\A(?:{expression})\z";
        try
        {
            _regex = new Regex(whole, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, TimeLimit);
        }
        catch (NotSupportedException)
        {
            // Lookarounds and back references need backtracking; then the time limit protects.
            _regex = new Regex(whole, RegexOptions.CultureInvariant, TimeLimit);
        }

        Expression = expression;
    }

    public string Expression { get; }

    public bool IsMatch(string modulePath)
    {
        try
        {
            return _regex.IsMatch(modulePath);
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new ArgumentException(
                $"The expression '{Expression}' needs more than {TimeLimit.TotalSeconds} s on '{modulePath}'; simplify it.", exception);
        }
    }
}
