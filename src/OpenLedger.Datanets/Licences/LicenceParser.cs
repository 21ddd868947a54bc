using System.Diagnostics.CodeAnalysis;

namespace OpenLedger.Datanets.Licences;

/// <summary>Recursive descent over the SPDX grammar: or = and *("OR" and); and = unit *("AND" unit); unit = "(" or ")" / licence.</summary>
internal sealed class LicenceParser
{
    private const string DocumentPrefix = "DocumentRef-";

    private readonly string _text;
    private int _position;
    private int _depth;

    private LicenceParser(string text) => _text = text;

    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out LicenceExpression? expression,
        [NotNullWhen(false)] out string? fault)
    {
        expression = null;
        if (text.Length is 0 or > LicenceExpression.MaxLength)
        {
            fault = $"An SPDX licence expression has 1 to {LicenceExpression.MaxLength} characters, not {text.Length}.";
            return false;
        }

        LicenceParser parser = new(text);
        fault = parser.Or(out expression) ?? (parser.Token().IsEmpty ? null : parser.Fault("an operator (AND, OR) or the end is expected"));
        if (fault is null && expression!.AlternativeCount > LicenceExpression.MaxAlternatives)
        {
            fault = $"The SPDX licence expression offers more than {LicenceExpression.MaxAlternatives} choices.";
        }

        expression = fault is null ? expression : null;
        return fault is null;
    }

    private string? Or(out LicenceExpression? expression) => Joined(LicenceOperator.Or, "OR", "or", And, out expression);

    private string? And(out LicenceExpression? expression) => Joined(LicenceOperator.And, "AND", "and", Unit, out expression);

    private delegate string? Part(out LicenceExpression? expression);

    private string? Joined(LicenceOperator @operator, string upper, string lower, Part part, out LicenceExpression? expression)
    {
        List<LicenceExpression> operands = [];
        do
        {
            string? fault = part(out expression);
            if (fault is not null)
            {
                return fault;
            }

            // Flat, so that (A AND B) AND C and A AND (B AND C) are one expression.
            operands.AddRange(expression is CompoundLicence inner && inner.Operator == @operator ? inner.Operands : [expression!]);
        }
        while (Skip(upper) || Skip(lower));
        expression = operands.Count == 1 ? operands[0] : new CompoundLicence(@operator, operands);
        return null;
    }

    private string? Unit(out LicenceExpression? expression)
    {
        expression = null;
        if (!Skip("("))
        {
            return Licence(out expression);
        }

        if (++_depth > LicenceExpression.MaxDepth)
        {
            return Fault($"parentheses are nested deeper than {LicenceExpression.MaxDepth}");
        }

        string? fault = Or(out expression);
        if (fault is null && !Skip(")"))
        {
            fault = Fault("')' is expected");
        }

        _depth--;
        return fault;
    }

    private string? Licence(out LicenceExpression? expression)
    {
        expression = null;
        ReadOnlySpan<char> token = Token();
        string? fault = ReadId(token, out string id, out bool isOrLater);
        if (fault is not null)
        {
            return fault;
        }

        _position += token.Length;
        string? exception = null;
        if (Skip("WITH") || Skip("with"))
        {
            ReadOnlySpan<char> name = Token();
            if (!IsIdString(name) || IsOperator(name))
            {
                return Fault("the identifier of an exception is expected after WITH");
            }

            exception = SpdxTable.Exceptions.TryGetValue(name.ToString(), out string? known) ? known : name.ToString();
            _position += name.Length;
        }

        expression = new SingleLicence(id, isOrLater, exception);
        return null;
    }

    private string? ReadId(ReadOnlySpan<char> token, out string id, out bool isOrLater)
    {
        id = "";
        isOrLater = token is [.., '+'];
        ReadOnlySpan<char> name = isOrLater ? token[..^1] : token;
        string document = "";
        if (name.StartsWith(DocumentPrefix, StringComparison.OrdinalIgnoreCase))
        {
            int colon = name.IndexOf(':');
            if (colon < 0 || !IsIdString(name[DocumentPrefix.Length..colon]) || !IsReference(name[(colon + 1)..]))
            {
                return Fault("a document reference is written DocumentRef-name:LicenseRef-name");
            }

            document = DocumentPrefix + name[DocumentPrefix.Length..colon].ToString() + ":";
            name = name[(colon + 1)..];
        }

        if (!IsIdString(name) || IsOperator(name))
        {
            return Fault("an identifier such as MIT or LicenseRef-House is expected: letters, digits, '-' and '.'");
        }

        if (name.StartsWith(SingleLicence.ReferencePrefix, StringComparison.OrdinalIgnoreCase))
        {
            if (!IsReference(name) || isOrLater)
            {
                return Fault("a reference is written LicenseRef-name, without '+'");
            }

            id = $"{document}{SingleLicence.ReferencePrefix}{name[SingleLicence.ReferencePrefix.Length..]}";
            return null;
        }

        id = SpdxLicence.TryFind(name.ToString(), out SpdxLicence? known) ? known.Id : name.ToString();
        return null;
    }

    private static bool IsReference(ReadOnlySpan<char> name) =>
        name.StartsWith(SingleLicence.ReferencePrefix, StringComparison.OrdinalIgnoreCase) && IsIdString(name[SingleLicence.ReferencePrefix.Length..]);

    private static bool IsIdString(ReadOnlySpan<char> name)
    {
        foreach (char character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '.'))
            {
                return false;
            }
        }

        return !name.IsEmpty;
    }

    private static bool IsOperator(ReadOnlySpan<char> name) => name is "AND" or "and" or "OR" or "or" or "WITH" or "with";

    /// <summary>The next token after white space: a parenthesis, or everything up to white space or a parenthesis; empty at the end.</summary>
    private ReadOnlySpan<char> Token()
    {
        while (_position < _text.Length && _text[_position] == ' ')
        {
            _position++;
        }

        ReadOnlySpan<char> rest = _text.AsSpan(_position);
        if (rest is ['(' or ')', ..])
        {
            return rest[..1];
        }

        int end = rest.IndexOfAny(' ', '(', ')');
        return end < 0 ? rest : rest[..end];
    }

    private bool Skip(string token)
    {
        if (!Token().SequenceEqual(token))
        {
            return false;
        }

        _position += token.Length;
        return true;
    }

    private string Fault(string problem)
    {
        ReadOnlySpan<char> token = Token();
        string found = token.IsEmpty ? "the end" : $"'{token[..Math.Min(token.Length, 40)]}'";
        return $"Not an SPDX licence expression: at character {_position} stands {found}; {problem}.";
    }
}
