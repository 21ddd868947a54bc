namespace OpenLedger.Lora.Templates.Jinja;

/// <content>Expressions, one method per level of precedence, the loosest first.</content>
internal sealed partial class TemplateParser
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    private Expression ParseExpression(bool withConditional = true)
    {
        Nest();
        Expression expression = withConditional ? ParseConditional() : ParseOr();
        _nesting--;
        return expression;
    }

    /// <summary>One expression, or several with commas between them, which make a tuple.</summary>
    private Expression ParseTuple(bool withConditional = true, bool isParenthesized = false)
    {
        int line = Current.Line;
        List<Expression> items = [];
        bool isTuple = false;
        while (true)
        {
            if (items.Count > 0 && !TrySkip(","))
            {
                break;
            }

            if (IsTupleEnd())
            {
                isTuple |= items.Count > 0;
                break;
            }

            items.Add(ParseExpression(withConditional));
            isTuple |= IsOperator(",");
        }

        if (items.Count == 1 && !isTuple)
        {
            return items[0];
        }

        return items.Count == 0 && !isParenthesized
            ? throw Unexpected("an expression")
            : new SequenceExpression(line, SequenceKind.Tuple, [.. items]);
    }

    private bool IsTupleEnd() => Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || IsOperator(")");

    private Expression ParseConditional()
    {
        int line = Current.Line;
        Expression expression = ParseOr();
        int length = 0;
        while (TrySkipName("if"))
        {
            CountLink(ref length);
            Expression test = ParseOr();
            Expression? otherwise = TrySkipName("else") ? ParseExpression() : null;
            expression = new ConditionalExpression(line, test, expression, otherwise);
        }

        return expression;
    }

    private Expression ParseOr()
    {
        Expression left = ParseAnd();
        int length = 0;
        while (IsName("or"))
        {
            CountLink(ref length);
            int line = Take().Line;
            left = new OrExpression(line, left, ParseAnd());
        }

        return left;
    }

    private Expression ParseAnd()
    {
        Expression left = ParseNot();
        int length = 0;
        while (IsName("and"))
        {
            CountLink(ref length);
            int line = Take().Line;
            left = new AndExpression(line, left, ParseNot());
        }

        return left;
    }

    private Expression ParseNot()
    {
        if (!IsName("not"))
        {
            return ParseCompare();
        }

        Nest();
        int line = Take().Line;
        NotExpression negation = new(line, ParseNot());
        _nesting--;
        return negation;
    }

    private Expression ParseCompare()
    {
        int line = Current.Line;
        Expression first = ParseSum();
        List<(string, Expression)> others = [];
        int length = 0;
        while (true)
        {
            CountLink(ref length);
            if (Current.Kind == TokenKind.Operator && Comparisons.Contains(Current.Text))
            {
                others.Add((Take().Text, ParseSum()));
            }
            else if (TrySkipName("in"))
            {
                others.Add(("in", ParseSum()));
            }
            else if (IsName("not") && _tokens[_position + 1] is { Kind: TokenKind.Name, Text: "in" })
            {
                _position += 2;
                others.Add(("not in", ParseSum()));
            }
            else
            {
                return others.Count == 0 ? first : new CompareExpression(line, first, [.. others]);
            }
        }
    }

    private Expression ParseSum() => ParseChain(ParseConcat, "+", "-");

    private Expression ParseConcat()
    {
        int line = Current.Line;
        Expression first = ParseProduct();
        if (!IsOperator("~"))
        {
            return first;
        }

        List<Expression> parts = [first];
        while (TrySkip("~"))
        {
            parts.Add(ParseProduct());
        }

        return new ConcatExpression(line, [.. parts]);
    }

    private Expression ParseProduct() => ParseChain(ParsePower, "*", "/", "//", "%");

    private Expression ParsePower() => ParseChain(() => ParseUnary(withFilters: true), "**");

    private Expression ParseChain(Func<Expression> next, params ReadOnlySpan<string> symbols)
    {
        Expression left = next();
        int length = 0;
        while (Current.Kind == TokenKind.Operator && symbols.Contains(Current.Text))
        {
            CountLink(ref length);
            Token symbol = Take();
            if (symbol.Text == "%" && left is ConstantExpression { Value: TextValue })
            {
                throw Unsupported(symbol.Line, "formatting text with '%'");
            }

            left = new ArithmeticExpression(symbol.Line, symbol.Text, left, next());
        }

        return left;
    }

    private Expression ParseUnary(bool withFilters)
    {
        Expression expression;
        if (IsOperator("-") || IsOperator("+"))
        {
            Nest();
            Token sign = Take();
            expression = new SignExpression(sign.Line, sign.Text == "-", ParseUnary(withFilters: false));
            _nesting--;
        }
        else
        {
            expression = ParsePrimary();
        }

        expression = ParsePostfix(expression);
        return withFilters ? ParseFiltersAndTests(expression) : expression;
    }

    private Expression ParsePrimary()
    {
        Token token = Take();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => new ConstantExpression(token.Line, BooleanValue.True),
                    "false" or "False" => new ConstantExpression(token.Line, BooleanValue.False),
                    "none" or "None" => new ConstantExpression(token.Line, NoneValue.Instance),
                    "varargs" or "kwargs" or "caller" or "self" or "super" when !_assignedNames.Contains(token.Text) =>
                        throw Unsupported(token.Line, $"the name '{token.Text}'"),
                    _ => new NameExpression(token.Line, token.Text),
                };
            case TokenKind.Text:
                string text = token.Text;
                while (Current.Kind == TokenKind.Text)
                {
                    text += Take().Text;
                }

                return new ConstantExpression(token.Line, Values.Text(MarkedText.Trusted(text)));
            case TokenKind.Integer:
                return new ConstantExpression(token.Line, new IntegerValue(token.Integer));
            case TokenKind.Float:
                return new ConstantExpression(token.Line, new FloatValue(token.Float));
            case TokenKind.Operator when token.Text == "(":
                Expression inner = ParseTuple(isParenthesized: true);
                Expect(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return new SequenceExpression(token.Line, SequenceKind.List, ParseItems("]", () => ParseExpression()));
            case TokenKind.Operator when token.Text == "{":
                return new MapExpression(token.Line, ParseItems("}", () =>
                {
                    Expression key = ParseExpression();
                    Expect(":");
                    return (key, ParseExpression());
                }));
            default:
                _position--;
                throw Unexpected("an expression");
        }
    }

    private T[] ParseItems<T>(string close, Func<T> parse)
    {
        List<T> items = [];
        while (!TrySkip(close))
        {
            if (items.Count > 0)
            {
                Expect(",");
                if (TrySkip(close))
                {
                    break;
                }
            }

            items.Add(parse());
        }

        return [.. items];
    }

    private Expression ParsePostfix(Expression expression)
    {
        int length = 0;
        while (true)
        {
            CountLink(ref length);
            if (IsOperator("."))
            {
                expression = ParseAttribute(expression);
            }
            else if (IsOperator("["))
            {
                expression = ParseSubscript(expression);
            }
            else if (IsOperator("("))
            {
                expression = ParseCall(expression);
            }
            else
            {
                return expression;
            }
        }
    }

    private Expression ParseAttribute(Expression target)
    {
        _position++;
        Token token = Take();
        if (token.Kind == TokenKind.Integer)
        {
            return new IndexExpression(token.Line, target, new ConstantExpression(token.Line, new IntegerValue(token.Integer)));
        }

        if (token.Kind != TokenKind.Name)
        {
            _position--;
            throw Unexpected("a name");
        }

        if (token.Text.StartsWith("__", StringComparison.Ordinal))
        {
            throw Unsupported(token.Line, $"the attribute '{Values.Shorten(token.Text)}', which reaches into Python's internals,");
        }

        return IsOperator("(") && !TemplateMethods.IsKnown(token.Text)
            ? throw Unsupported(token.Line, $"the method '{Values.Shorten(token.Text)}'")
            : new AttributeExpression(token.Line, target, token.Text);
    }

    private Expression ParseSubscript(Expression target)
    {
        int line = Take().Line;
        Expression? start = IsOperator(":") ? null : ParseExpression();
        if (start is not null && TrySkip("]"))
        {
            return new IndexExpression(line, target, start);
        }

        Expect(":");
        Expression? stop = IsOperator(":") || IsOperator("]") ? null : ParseExpression();
        Expression? step = TrySkip(":") && !IsOperator("]") ? ParseExpression() : null;
        Expect("]");
        return new SliceExpression(line, target, start, stop, step);
    }

    private CallExpression ParseCall(Expression function)
    {
        int line = Current.Line;
        if (function is NameExpression name)
        {
            _calledNames.Add((name.Name, line));
        }

        return new CallExpression(line, function, ParseArguments());
    }

    private ArgumentList ParseArguments()
    {
        Expect("(");
        List<Expression> positional = [];
        List<KeyValuePair<string, Expression>> named = [];
        bool isFirst = true;
        while (!TrySkip(")"))
        {
            if (!isFirst)
            {
                Expect(",");
                if (TrySkip(")"))
                {
                    break;
                }
            }

            isFirst = false;
            if (IsOperator("*") || IsOperator("**"))
            {
                throw Unsupported(Current.Line, $"'{Current.Text}' before an argument");
            }

            if (Current.Kind == TokenKind.Name && _tokens[_position + 1] is { Kind: TokenKind.Operator, Text: "=" })
            {
                string name = Take().Text;
                _position++;
                if (named.Exists(n => n.Key == name))
                {
                    throw Fault(Current.Line, $"the argument '{Values.Shorten(name)}' is given twice");
                }

                named.Add(KeyValuePair.Create(name, ParseExpression()));
            }
            else if (named.Count > 0)
            {
                throw Fault(Current.Line, "an argument without a name follows one that has one");
            }
            else
            {
                positional.Add(ParseExpression());
            }
        }

        return new ArgumentList([.. positional], [.. named]);
    }

    private Expression ParseFiltersAndTests(Expression expression)
    {
        int length = 0;
        while (true)
        {
            CountLink(ref length);
            if (TrySkip("|"))
            {
                expression = ParseFilter(expression);
            }
            else if (TrySkipName("is"))
            {
                expression = ParseTest(expression);
            }
            else if (IsOperator("("))
            {
                expression = ParseCall(expression);
            }
            else
            {
                return expression;
            }
        }
    }

    private FilterExpression[] ParseFilters()
    {
        List<FilterExpression> filters = [];
        while (TrySkip("|"))
        {
            filters.Add(ParseFilter(null));
        }

        return [.. filters];
    }

    private FilterExpression ParseFilter(Expression? operand)
    {
        int line = Current.Line;
        string name = ParseDottedName();
        ArgumentList arguments = IsOperator("(") ? ParseArguments() : ArgumentList.None;
        TemplateFilter filter = TemplateFilters.Find(name) ?? throw Unsupported(line, $"the filter '{Values.Shorten(name)}'");
        if (filter.Resolve is { } resolve)
        {
            (TemplateFilter resolved, ArgumentList rest) = resolve(arguments) is { } pair
                ? pair
                : throw Unsupported(line, $"the filter '{name}' with these arguments (a filter or test must be named by a constant that is known here)");
            return new FilterExpression(line, resolved, operand, rest);
        }

        CheckArguments(line, $"the filter '{name}'", filter.Parameters, arguments);
        return new FilterExpression(line, filter, operand, arguments);
    }

    private Expression ParseTest(Expression operand)
    {
        bool isNegated = TrySkipName("not");
        int line = Current.Line;
        string name = ParseDottedName();
        ArgumentList arguments = ArgumentList.None;
        if (IsOperator("("))
        {
            arguments = ParseArguments();
        }
        else if (Current.Kind is TokenKind.Name or TokenKind.Text or TokenKind.Integer or TokenKind.Float && !IsOneOf("else", "or", "and", "is", "if")
            || IsOperator("[") || IsOperator("{"))
        {
            arguments = new ArgumentList([ParsePostfix(ParsePrimary())], []);
        }

        TemplateTest test = TemplateTests.Find(name) ?? throw Unsupported(line, $"the test '{Values.Shorten(name)}'");
        CheckArguments(line, $"the test '{name}'", test.Parameters, arguments);
        Expression expression = new TestExpression(line, test, operand, arguments);
        return isNegated ? new NotExpression(line, expression) : expression;
    }

    private bool IsOneOf(params ReadOnlySpan<string> names) => Current.Kind == TokenKind.Name && names.Contains(Current.Text);

    private string ParseDottedName()
    {
        string name = ExpectAnyName();
        while (TrySkip("."))
        {
            name += "." + ExpectAnyName();
            CheckNameLength(name);
        }

        return name;
    }

    private void CheckNameLength(string name)
    {
        if (name.Length > 200)
        {
            throw Fault(Current.Line, $"the name '{Values.Shorten(name)}' is longer than 200 characters");
        }
    }

    private void CheckArguments(int line, string what, IReadOnlyList<string> parameters, ArgumentList arguments)
    {
        if (arguments.Positional.Length > parameters.Count)
        {
            throw Fault(line, $"{what} takes at most {parameters.Count} arguments, but is given {arguments.Positional.Length}");
        }

        foreach ((string name, _) in arguments.Named)
        {
            if (!parameters.Contains(name))
            {
                throw Unsupported(line, $"the argument '{Values.Shorten(name)}' of {what}");
            }
        }
    }

    private void CountLink(ref int length)
    {
        if (++length > RenderLimits.Chain)
        {
            throw new ModelFormatException(
                ModelFormatError.TemplateLimitExceeded, _templateName, $"line {Current.Line}: an expression has more than {RenderLimits.Chain} operators in a row.");
        }
    }
}
