namespace OpenLedger.Datanets.Schemas;

/// <summary>Finds the differences between two schemas. Variants and fields are matched by name, since a name is what records carry.</summary>
internal static class SchemaComparison
{
    public static List<SchemaChange> Compare(DatanetSchema old, DatanetSchema target)
    {
        List<SchemaChange> changes = [];
        foreach (RecordVariant variant in old.Variants)
        {
            RecordVariant? same = target.Variants.FirstOrDefault(other => other.Name == variant.Name);
            if (same is null)
            {
                changes.Add(new SchemaChange(ChangeImpact.NeedsStep, variant.Name, "", "the variant is gone; its records must be made to fit another one"));
            }
            else
            {
                Fields(changes, variant.Name, "", variant.Fields, same.Fields);
            }
        }

        // A record must fit exactly one variant: a wider schema beside another variant may fit twice.
        bool isAmbiguous = target.Variants.Count > 1 && changes.Count > 0;
        foreach (RecordVariant variant in target.Variants.Where(variant => old.Variants.All(other => other.Name != variant.Name)))
        {
            changes.Add(new SchemaChange(ChangeImpact.Narrowing, variant.Name, "", "the variant is new; an old record that fits it too becomes ambiguous"));
            isAmbiguous = false;
        }

        if (isAmbiguous)
        {
            changes.Add(new SchemaChange(ChangeImpact.Narrowing, target.Variants[0].Name, "", "the schema has several variants; a change may make a record fit two of them"));
        }

        if (!old.HasPrivateFields && target.HasPrivateFields)
        {
            changes.Add(new SchemaChange(ChangeImpact.NeedsStep, target.Variants[0].Name, "", "the schema has private fields now; records get a salt by WithSalt before they are carried over"));
        }
        else if (old.HasPrivateFields && !target.HasPrivateFields)
        {
            changes.Add(new SchemaChange(ChangeImpact.NeedsStep, target.Variants[0].Name, "", "the schema has no private fields any more; the salt is taken off when records are carried over"));
        }

        return changes;
    }

    private static void Fields(List<SchemaChange> changes, string variant, string path, IReadOnlyList<SchemaField> old, IReadOnlyList<SchemaField> target)
    {
        foreach (SchemaField before in old)
        {
            string place = $"{path}/{FieldPath.Escape(before.Name)}";
            SchemaField? after = target.FirstOrDefault(other => other.Name == before.Name);
            if (after is null)
            {
                changes.Add(new SchemaChange(ChangeImpact.NeedsStep, variant, place, "the field is gone; rename or drop it"));
                continue;
            }

            if (before.IsRequired != after.IsRequired)
            {
                changes.Add(after.IsRequired
                    ? new SchemaChange(ChangeImpact.NeedsStep, variant, place, "the field is required now; add a value for records without it")
                    : new SchemaChange(ChangeImpact.Compatible, variant, place, "the field is optional now"));
            }

            if (before.IsPrivate != after.IsPrivate)
            {
                changes.Add(new SchemaChange(ChangeImpact.Compatible, variant, place, after.IsPrivate ? "the field is private now" : "the field is public now"));
            }

            Type(changes, variant, place, before.Type, after.Type);
        }

        foreach (SchemaField added in target.Where(field => old.All(other => other.Name != field.Name)))
        {
            changes.Add(added.IsRequired
                ? new SchemaChange(ChangeImpact.NeedsStep, variant, $"{path}/{FieldPath.Escape(added.Name)}", "the field is new and required; add a value or rename another field")
                : new SchemaChange(ChangeImpact.Compatible, variant, $"{path}/{FieldPath.Escape(added.Name)}", "the field is new and optional"));
        }
    }

    private static void Type(List<SchemaChange> changes, string variant, string path, FieldType old, FieldType target)
    {
        void Add(ChangeImpact impact, string description) => changes.Add(new SchemaChange(impact, variant, path, description));
        void Range(double oldLeast, double oldMost, double newLeast, double newMost, string what)
        {
            if (newLeast > oldLeast || newMost < oldMost)
            {
                Add(ChangeImpact.Narrowing, $"{what} is narrower");
            }
            else if (newLeast < oldLeast || newMost > oldMost)
            {
                Add(ChangeImpact.Compatible, $"{what} is wider");
            }
        }

        switch (old, target)
        {
            case (TextField before, TextField after):
                Range(before.MinLength, before.MaxLength, after.MinLength, after.MaxLength, "the length");
                if (before.Pattern != after.Pattern)
                {
                    Add(after.Pattern is null ? ChangeImpact.Compatible : ChangeImpact.Narrowing, after.Pattern is null ? "the pattern is gone" : "the pattern is another one");
                }

                break;
            case (EnumField before, TextField after):
                bool fits = after.Pattern is null && before.Values.All(value => TextField.CodePoints(value) is int length && length >= after.MinLength && length <= after.MaxLength);
                Add(fits ? ChangeImpact.Compatible : ChangeImpact.Narrowing, "the enumeration is free text now");
                break;
            case (TextField, EnumField):
                Add(ChangeImpact.Narrowing, "the text is an enumeration now; map the values");
                break;
            case (EnumField before, EnumField after):
                string[] gone = [.. before.Values.Except(after.Values, StringComparer.Ordinal)];
                if (gone.Length > 0)
                {
                    Add(ChangeImpact.NeedsStep, $"the values {string.Join(", ", gone.Take(5).Select(static value => $"'{value}'"))}{(gone.Length > 5 ? ", …" : "")} are gone; map them");
                }
                else if (after.Values.Count > before.Values.Count)
                {
                    Add(ChangeImpact.Compatible, "the enumeration has more values");
                }

                break;
            case (NumberField before, NumberField after):
                Range(before.Minimum, before.Maximum, after.Minimum, after.Maximum, "the range");
                if (before.IsInteger != after.IsInteger)
                {
                    Add(after.IsInteger ? ChangeImpact.Narrowing : ChangeImpact.Compatible, after.IsInteger ? "fractions are refused now" : "fractions are allowed now");
                }

                break;
            case (BooleanField, BooleanField):
                break;
            case (ListField before, ListField after):
                Range(before.MinCount, before.MaxCount, after.MinCount, after.MaxCount, "the number of items");
                if (before.RequiresUniqueItems != after.RequiresUniqueItems)
                {
                    Add(after.RequiresUniqueItems ? ChangeImpact.Narrowing : ChangeImpact.Compatible, after.RequiresUniqueItems ? "items must be unique now" : "items may repeat now");
                }

                Type(changes, variant, path + "/*", before.Item, after.Item);
                break;
            case (ObjectField before, ObjectField after):
                Fields(changes, variant, path, before.Fields, after.Fields);
                break;
            case (ChatField before, ChatField after):
                Chat(Add, Range, before, after);
                break;
            case (BinaryField before, BinaryField after):
                Range(0, before.MaxLength, 0, after.MaxLength, "the size");
                if (after.MediaTypes.Count > 0 && (before.MediaTypes.Count == 0 || before.MediaTypes.Except(after.MediaTypes, StringComparer.Ordinal).Any()))
                {
                    Add(ChangeImpact.Narrowing, "fewer media types are allowed");
                }
                else if (!before.MediaTypes.SequenceEqual(after.MediaTypes, StringComparer.Ordinal))
                {
                    Add(ChangeImpact.Compatible, "more media types are allowed");
                }

                break;
            default:
                Add(ChangeImpact.NeedsStep, $"the kind is {target.Kind}, it was {old.Kind}; convert it, or drop it and add another");
                break;
        }
    }

    private static void Chat(Action<ChangeImpact, string> add, Action<double, double, double, double, string> range, ChatField before, ChatField after)
    {
        range(before.MinMessages, before.MaxMessages, after.MinMessages, after.MaxMessages, "the number of messages");
        range(0, before.MaxContentLength, 0, after.MaxContentLength, "the length of contents");
        if (before.Roles.Except(after.Roles, StringComparer.Ordinal).Any())
        {
            add(ChangeImpact.Narrowing, "roles are gone");
        }
        else if (after.Roles.Count > before.Roles.Count)
        {
            add(ChangeImpact.Compatible, "there are more roles");
        }

        if (before.RequiresAlternation != after.RequiresAlternation)
        {
            add(after.RequiresAlternation ? ChangeImpact.Narrowing : ChangeImpact.Compatible, after.RequiresAlternation ? "roles must alternate now" : "roles need not alternate now");
        }

        if (before.AllowsToolCalls != after.AllowsToolCalls)
        {
            add(after.AllowsToolCalls ? ChangeImpact.Compatible : ChangeImpact.Narrowing, after.AllowsToolCalls ? "tool calls are allowed now" : "tool calls are refused now");
        }
    }
}
