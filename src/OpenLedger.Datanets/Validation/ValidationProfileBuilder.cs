namespace OpenLedger.Datanets.Validation;

/// <summary>Builds a profile rule by rule, in the order in which they run. Used once; not safe for concurrent use.</summary>
public sealed class ValidationProfileBuilder
{
    private readonly string _name;
    private readonly List<ProfileRule> _rules = [];
    private RecordFields _fields = new();
    private ScoreOptions _scoring = new();
    private bool _isBuilt;

    internal ValidationProfileBuilder(string name, ValidationProfile? start = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!ReasonCode.IsLegal(name))
        {
            throw new ArgumentException($"'{name}' is not a profile's name; use 1 to 64 of a-z, 0-9 and _.", nameof(name));
        }

        _name = name;
        if (start is not null)
        {
            _rules.AddRange(start.Rules);
            _fields = start.Fields;
            _scoring = start.Scoring;
        }
    }

    /// <summary>Adds a rule after those before.</summary>
    /// <param name="rule">The rule; none of its codes may belong to a rule of this profile already.</param>
    /// <param name="options">Severity and tolerance, or <see langword="null"/> for the rule's own severities and no tolerance.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">
    /// A code is malformed or taken, the description names no rule, an option is illegal, or a severity is given for a code the rule has not.
    /// </exception>
    /// <exception cref="InvalidOperationException">The profile was built already.</exception>
    public ValidationProfileBuilder Add(IRecordRule rule, ProfileRuleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rule);
        options ??= new ProfileRuleOptions();
        options.Validate();
        ThrowIfBuilt();
        ProfileRule added = new(rule, options);
        if (!ReasonCode.IsLegal(added.Name))
        {
            throw new ArgumentException("The rule's description must hold its name under 'rule': 1 to 64 of a-z, 0-9 and _.", nameof(rule));
        }

        HashSet<string> codes = new(StringComparer.Ordinal);
        foreach (string code in rule.Codes)
        {
            if (!ReasonCode.IsLegal(code) || !codes.Add(code))
            {
                throw new ArgumentException($"The code '{code}' of {added.Name} occurs twice or is not 1 to 64 of a-z, 0-9 and _.", nameof(rule));
            }

            if (_rules.Find(other => other.Rule.Codes.Contains(code)) is ProfileRule owner)
            {
                throw new ArgumentException($"The code '{code}' of {added.Name} belongs to {owner.Name} already.", nameof(rule));
            }
        }

        if (options.SeverityByCode.Keys.FirstOrDefault(code => !codes.Contains(code)) is string unknown)
        {
            throw new ArgumentException($"{added.Name} has no code '{unknown}'; its codes are {string.Join(", ", codes)}.", nameof(options));
        }

        _rules.Add(added);
        return this;
    }

    /// <summary>Says where records keep what the rules ask for.</summary>
    /// <param name="fields">Copied.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">A list is missing or holds an empty name.</exception>
    /// <exception cref="InvalidOperationException">The profile was built already.</exception>
    public ValidationProfileBuilder Fields(RecordFields fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        fields.Validate();
        ThrowIfBuilt();
        _fields = fields.Copy();
        return this;
    }

    /// <summary>Says how findings become a score and a verdict.</summary>
    /// <param name="scoring">Penalties and bounds.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">An option is illegal.</exception>
    /// <exception cref="InvalidOperationException">The profile was built already.</exception>
    public ValidationProfileBuilder Scoring(ScoreOptions scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        scoring.Validate();
        ThrowIfBuilt();
        _scoring = scoring;
        return this;
    }

    /// <summary>Makes the profile.</summary>
    /// <exception cref="ArgumentException">There is no rule.</exception>
    /// <exception cref="InvalidOperationException">The profile was built already.</exception>
    public ValidationProfile Build()
    {
        ThrowIfBuilt();
        if (_rules.Count == 0)
        {
            throw new ArgumentException($"The profile '{_name}' has no rule; add one.");
        }

        _isBuilt = true;
        return new ValidationProfile(_name, _rules, _fields, _scoring);
    }

    private void ThrowIfBuilt()
    {
        if (_isBuilt)
        {
            throw new InvalidOperationException("This builder has built its profile; start another one.");
        }
    }
}
