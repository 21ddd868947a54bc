namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>Variables of one block; names that it lacks are looked up around it.</summary>
internal sealed class Scope(Scope? parent)
{
    private Dictionary<string, TemplateValue>? _variables;

    public TemplateValue? Find(string name)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._variables is not null && scope._variables.TryGetValue(name, out TemplateValue? value))
            {
                return value;
            }
        }

        return null;
    }

    public void Set(string name, TemplateValue value) => (_variables ??= new Dictionary<string, TemplateValue>(StringComparer.Ordinal))[name] = value;

    private Scope? Parent => parent;
}
