namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>Turns tokens into statements. What the interpreter cannot do is refused here, by name and line, not while rendering.</summary>
internal sealed partial class TemplateParser
{
    private static readonly string[] UnsupportedStatements =
    [
        "extends", "block", "include", "import", "from", "call", "autoescape", "trans", "pluralize", "do", "debug", "raw", "continue", "break", "print",
    ];

    private readonly List<Token> _tokens;
    private readonly string _templateName;
    private readonly List<(string Name, int Line)> _calledNames = [];
    private readonly HashSet<string> _assignedNames = new(StringComparer.Ordinal);
    private int _position;
    private int _nesting;
    private int _loops;

    private TemplateParser(List<Token> tokens, string templateName)
    {
        _tokens = tokens;
        _templateName = templateName;
    }

    private Token Current => _tokens[_position];

    public static BlockStatement Parse(string source, string templateName)
    {
        if (source.Length > RenderLimits.SourceLength)
        {
            throw new ModelFormatException(
                ModelFormatError.TooLarge, templateName, $"the template has {source.Length} characters; at most {RenderLimits.SourceLength} are read.");
        }

        TemplateParser parser = new(TemplateLexer.Read(source, templateName), templateName);
        BlockStatement body = parser.ParseBody([]);
        foreach ((string name, int line) in parser._calledNames)
        {
            if (!parser._assignedNames.Contains(name) && !TemplateFunctions.All.ContainsKey(name))
            {
                throw new ModelFormatException(
                    ModelFormatError.TemplateUnsupported, templateName, $"line {line}: the function '{Values.Shorten(name)}' is not supported.");
            }
        }

        return body;
    }

    /// <summary>Parses up to a block tag with one of these names, which stays current, or to the end where there are none.</summary>
    private BlockStatement ParseBody(string[] ends)
    {
        int line = Current.Line;
        Nest();
        List<Statement> statements = [];
        while (true)
        {
            Token token = Current;
            switch (token.Kind)
            {
                case TokenKind.Data:
                    statements.Add(new DataStatement(token.Line, token.Text));
                    _position++;
                    break;
                case TokenKind.VariableBegin:
                    _position++;
                    statements.Add(new PrintStatement(token.Line, ParseTuple()));
                    Expect(TokenKind.VariableEnd, "}}");
                    break;
                case TokenKind.BlockBegin:
                    Token name = _tokens[_position + 1];
                    if (name.Kind == TokenKind.Name && ends.Contains(name.Text))
                    {
                        _position++;
                        _nesting--;
                        return new BlockStatement(line, [.. statements]);
                    }

                    _position++;
                    statements.Add(ParseStatement());
                    break;
                default:
                    if (ends.Length > 0)
                    {
                        throw Fault(token.Line, $"the template ends where '{ends[^1]}' is needed (the block begins in line {line})");
                    }

                    _nesting--;
                    return new BlockStatement(line, [.. statements]);
            }
        }
    }

    private Statement ParseStatement()
    {
        Token token = Current;
        if (token.Kind != TokenKind.Name)
        {
            throw Fault(token.Line, $"a statement begins with a name, not with '{token.Text}'");
        }

        _position++;
        switch (token.Text)
        {
            case "if":
                return ParseIf(token.Line);
            case "for":
                return ParseFor(token.Line);
            case "set":
                return ParseSet(token.Line);
            case "macro":
                return ParseMacro(token.Line);
            case "filter":
                return ParseFilterBlock(token.Line);
            case "with":
                return ParseWith(token.Line);
            case "generation":
                ExpectBlockEnd();
                return new ScopeStatement(token.Line, [], ParseEnded("endgeneration"));
            case "break" or "continue" when _loops > 0:
                ExpectBlockEnd();
                return new JumpStatement(token.Line, token.Text == "break" ? Flow.Break : Flow.Continue);
            case "break" or "continue":
                throw Fault(token.Line, $"'{token.Text}' stands outside a loop");
            default:
                throw UnsupportedStatements.Contains(token.Text)
                    ? Unsupported(token.Line, $"the statement '{token.Text}'")
                    : token.Text.StartsWith("end", StringComparison.Ordinal) || token.Text is "else" or "elif"
                        ? Fault(token.Line, $"'{token.Text}' ends nothing here")
                        : Unsupported(token.Line, $"the statement '{Values.Shorten(token.Text)}'");
        }
    }

    private IfStatement ParseIf(int line)
    {
        List<(Expression, BlockStatement)> branches = [];
        BlockStatement? otherwise = null;
        while (true)
        {
            Expression test = ParseTuple(withConditional: false);
            ExpectBlockEnd();
            branches.Add((test, ParseBody(["elif", "else", "endif"])));
            string end = Take().Text;
            if (end == "else")
            {
                ExpectBlockEnd();
                otherwise = ParseEnded("endif");
                return new IfStatement(line, [.. branches], otherwise);
            }

            if (end == "endif")
            {
                ExpectBlockEnd();
                return new IfStatement(line, [.. branches], null);
            }
        }
    }

    private ForStatement ParseFor(int line)
    {
        AssignmentTarget target = ParseTarget(allowsNamespace: false);
        ExpectName("in");
        Expression items = ParseTuple(withConditional: false);
        Expression? condition = TrySkipName("if") ? ParseExpression() : null;
        if (IsName("recursive"))
        {
            throw Unsupported(Current.Line, "a recursive loop");
        }

        ExpectBlockEnd();
        _loops++;
        BlockStatement body = ParseBody(["else", "endfor"]);
        _loops--;
        BlockStatement? otherwise = null;
        if (Take().Text == "else")
        {
            ExpectBlockEnd();
            otherwise = ParseEnded("endfor");
        }
        else
        {
            ExpectBlockEnd();
        }

        return new ForStatement(line, target, items, condition, body, otherwise);
    }

    private Statement ParseSet(int line)
    {
        AssignmentTarget target = ParseTarget(allowsNamespace: true);
        if (TrySkip("="))
        {
            Expression value = ParseTuple();
            ExpectBlockEnd();
            return new SetStatement(line, target, value);
        }

        FilterExpression[] filters = ParseFilters();
        ExpectBlockEnd();
        return new SetBlockStatement(line, target, ParseIsolated("endset"), filters);
    }

    private MacroStatement ParseMacro(int line)
    {
        string name = ExpectAnyName();
        _assignedNames.Add(name);
        Expect("(");
        List<(string, Expression?)> parameters = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        while (!TrySkip(")"))
        {
            if (parameters.Count > 0)
            {
                Expect(",");
            }

            string parameter = ExpectAnyName();
            if (!names.Add(parameter))
            {
                throw Fault(Current.Line, $"the macro '{name}' has the parameter '{parameter}' twice");
            }

            Expression? absent = TrySkip("=") ? ParseExpression() : null;
            if (absent is null && parameters.Count > 0 && parameters[^1].Item2 is not null)
            {
                throw Fault(Current.Line, $"the parameter '{parameter}' without a default follows one that has one");
            }

            _assignedNames.Add(parameter);
            parameters.Add((parameter, absent));
        }

        ExpectBlockEnd();
        return new MacroStatement(line, name, [.. parameters], ParseIsolated("endmacro"));
    }

    private FilterBlockStatement ParseFilterBlock(int line)
    {
        FilterExpression first = ParseFilter(null);
        FilterExpression[] others = ParseFilters();
        ExpectBlockEnd();
        return new FilterBlockStatement(line, ParseIsolated("endfilter"), [first, .. others]);
    }

    private ScopeStatement ParseWith(int line)
    {
        List<(AssignmentTarget, Expression)> variables = [];
        while (Current.Kind != TokenKind.BlockEnd)
        {
            if (variables.Count > 0)
            {
                Expect(",");
            }

            AssignmentTarget target = ParseTarget(allowsNamespace: false);
            Expect("=");
            variables.Add((target, ParseExpression()));
        }

        ExpectBlockEnd();
        return new ScopeStatement(line, [.. variables], ParseEnded("endwith"));
    }

    private BlockStatement ParseEnded(string end)
    {
        BlockStatement body = ParseBody([end]);
        _position++;
        ExpectBlockEnd();
        return body;
    }

    /// <summary>A body that is executed for its text, out of which a loop around it cannot be left.</summary>
    private BlockStatement ParseIsolated(string end)
    {
        int loops = _loops;
        _loops = 0;
        BlockStatement body = ParseEnded(end);
        _loops = loops;
        return body;
    }

    private AssignmentTarget ParseTarget(bool allowsNamespace)
    {
        List<AssignmentTarget> targets = [];
        bool isTuple = false;
        do
        {
            if (targets.Count > 0 && Current.Kind != TokenKind.Name && !IsOperator("("))
            {
                break;
            }

            targets.Add(ParseSingleTarget(allowsNamespace));
            isTuple |= IsOperator(",");
        }
        while (TrySkip(","));

        return isTuple ? new TupleTarget([.. targets]) : targets[0];
    }

    private AssignmentTarget ParseSingleTarget(bool allowsNamespace)
    {
        if (TrySkip("("))
        {
            Nest();
            AssignmentTarget inner = ParseTarget(allowsNamespace: false);
            Expect(")");
            _nesting--;
            return inner;
        }

        int line = Current.Line;
        string name = ExpectAnyName();
        if (name is "true" or "false" or "none" or "True" or "False" or "None" or "loop")
        {
            throw Fault(line, $"'{name}' cannot be set");
        }

        if (allowsNamespace && TrySkip("."))
        {
            return new NamespaceTarget(name, ExpectAnyName());
        }

        _assignedNames.Add(name);
        return new NameTarget(name);
    }

    private void Nest()
    {
        if (++_nesting > RenderLimits.Nesting)
        {
            throw new ModelFormatException(
                ModelFormatError.TemplateLimitExceeded, _templateName, $"line {Current.Line}: the template nests deeper than {RenderLimits.Nesting} levels.");
        }
    }

    private ModelFormatException Fault(int line, string reason) => new(ModelFormatError.TemplateInvalid, _templateName, $"line {line}: {reason}.");

    private ModelFormatException Unsupported(int line, string what) =>
        new(ModelFormatError.TemplateUnsupported, _templateName, $"line {line}: {what} is not supported.");

    private Token Take() => _tokens[_position++];

    private bool IsOperator(string symbol) => Current.Kind == TokenKind.Operator && Current.Text == symbol;

    private bool IsName(string name) => Current.Kind == TokenKind.Name && Current.Text == name;

    private bool TrySkip(string symbol)
    {
        bool found = IsOperator(symbol);
        _position += found ? 1 : 0;
        return found;
    }

    private bool TrySkipName(string name)
    {
        bool found = IsName(name);
        _position += found ? 1 : 0;
        return found;
    }

    private void Expect(string symbol)
    {
        if (!TrySkip(symbol))
        {
            throw Unexpected($"'{symbol}'");
        }
    }

    private void Expect(TokenKind kind, string symbol)
    {
        if (Current.Kind != kind)
        {
            throw Unexpected($"'{symbol}'");
        }

        _position++;
    }

    private void ExpectBlockEnd() => Expect(TokenKind.BlockEnd, "%}");

    private void ExpectName(string name)
    {
        if (!TrySkipName(name))
        {
            throw Unexpected($"'{name}'");
        }
    }

    private string ExpectAnyName() => Current.Kind == TokenKind.Name ? Take().Text : throw Unexpected("a name");

    private ModelFormatException Unexpected(string wanted) => Fault(Current.Line, $"{wanted} is needed, but here is '{Values.Shorten(Current.Text)}'");
}
