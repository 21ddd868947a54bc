using System.Buffers;

namespace OpenLedger.Datanets.Manifests;

/// <summary>What the Croissant specification asks of a document, apart from its shape.</summary>
internal static class CroissantCheck
{
    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+.-");

    public static IReadOnlyList<CroissantIssue> Run(CroissantDataset dataset)
    {
        List<CroissantIssue> issues = [];
        Require(issues, dataset.Name, "name");
        Require(issues, dataset.Description, "description");
        Require(issues, dataset.Url, "url");
        Require(issues, dataset.DatePublished, "datePublished");
        Require(issues, string.Concat(dataset.Licenses), "license");
        Require(issues, string.Concat(dataset.Creators.Select(creator => creator.Name ?? creator.Id)), "creator");
        if (!dataset.ConformsTo.Any(id => id is CroissantTerms.Version10 or CroissantTerms.Version11))
        {
            issues.Add(new("unknown_version", true, "conformsTo", $"The document conforms to '{string.Join(", ", dataset.ConformsTo)}'; known are versions 1.0 and 1.1."));
        }

        if (dataset.Version is null)
        {
            issues.Add(new("missing_version", false, "version", "The document names no version; a semantic version is recommended."));
        }

        HashSet<string> ids = Ids(dataset, issues);
        foreach (CroissantResource resource in dataset.Distribution)
        {
            Check(resource, ids, issues);
        }

        foreach (CroissantRecordSet set in dataset.RecordSets)
        {
            string where = set.Id ?? set.Name ?? "recordSet";
            Refer(issues, ids, where, set.Key);
            foreach (CroissantField field in set.Fields)
            {
                Check(field, ids, issues, set.Data is not null);
            }
        }

        return issues;
    }

    private static HashSet<string> Ids(CroissantDataset dataset, List<CroissantIssue> issues)
    {
        HashSet<string> ids = new(StringComparer.Ordinal);
        IEnumerable<string?> all = dataset.Distribution.Select(resource => resource.Id)
            .Concat(dataset.RecordSets.Select(set => set.Id))
            .Concat(dataset.RecordSets.SelectMany(set => set.Fields).SelectMany(Tree).Select(field => field.Id));
        foreach (string? id in all)
        {
            if (id is null)
            {
                issues.Add(new("missing_id", true, "@id", "A resource, record set or field has no @id; nothing can refer to it."));
            }
            else if (!ids.Add(id))
            {
                issues.Add(new("duplicate_id", true, id, $"The id '{id}' is given twice."));
            }
        }

        return ids;
    }

    private static void Check(CroissantResource resource, HashSet<string> ids, List<CroissantIssue> issues)
    {
        string where = resource.Id ?? resource.Name ?? "distribution";
        Refer(issues, ids, where, resource.ContainedIn);
        if (resource.EncodingFormats.Count == 0)
        {
            issues.Add(new("missing_encoding_format", true, where, $"'{where}' has no encodingFormat."));
        }

        if (resource.Kind == CroissantResourceKind.FileSet)
        {
            if (resource.Includes.Count == 0)
            {
                issues.Add(new("missing_includes", true, where, $"The file set '{where}' does not say which files it includes."));
            }

            return;
        }

        if (resource.ContentUrl is null)
        {
            issues.Add(new("missing_content_url", true, where, $"The file '{where}' has no contentUrl."));
        }
        else if (!IsSafe(resource.ContentUrl))
        {
            issues.Add(new("unsafe_path", true, where, $"The path '{resource.ContentUrl}' of '{where}' leaves the folder of the document."));
        }

        bool isRepository = resource.EncodingFormats.Any(format => format.StartsWith("git+", StringComparison.Ordinal));
        if (resource.ContainedIn.Count == 0 && !isRepository && resource.Sha256 is null && resource.Md5 is null)
        {
            issues.Add(new("missing_checksum", true, where, $"The file '{where}' has neither sha256 nor md5."));
        }
        else if (resource.Sha256 is { } sha256 && !(sha256.Length == 64 && sha256.All(char.IsAsciiHexDigit)) && !isRepository)
        {
            issues.Add(new("invalid_checksum", true, where, $"The sha256 of '{where}' is not 64 hexadecimal digits."));
        }
    }

    private static void Check(CroissantField field, HashSet<string> ids, List<CroissantIssue> issues, bool hasData)
    {
        string where = field.Id ?? field.Name ?? "field";
        if (field.DataTypes.Count == 0 && field.SubFields.Count == 0 && field.References is null)
        {
            issues.Add(new("missing_data_type", true, where, $"The field '{where}' has no dataType."));
        }

        if (field.Source is null && field.SubFields.Count == 0 && !hasData)
        {
            issues.Add(new("missing_source", true, where, $"The field '{where}' does not say where its values come from."));
        }

        foreach (CroissantSource source in new[] { field.Source, field.References, field.ParentField }.OfType<CroissantSource>())
        {
            Refer(issues, ids, where, source.Ids);
        }

        foreach (CroissantField inner in field.SubFields.Concat(field.Annotations))
        {
            Check(inner, ids, issues, hasData);
        }
    }

    private static IEnumerable<CroissantField> Tree(CroissantField field) => field.SubFields.Concat(field.Annotations).SelectMany(Tree).Prepend(field);

    private static void Require(List<CroissantIssue> issues, string? value, string member)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            issues.Add(new("missing_" + (member == "datePublished" ? "date_published" : member), true, member, $"The document has no {member}, which is required."));
        }
    }

    private static void Refer(List<CroissantIssue> issues, HashSet<string> ids, string where, IEnumerable<string> references)
    {
        foreach (string id in references.Where(id => !ids.Contains(id)))
        {
            issues.Add(new("unknown_reference", true, where, $"'{where}' refers to '{id}', which the document does not define."));
        }
    }

    /// <summary>A URL, or a path that stays inside the folder of the document.</summary>
    private static bool IsSafe(string contentUrl)
    {
        if (contentUrl.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        int scheme = contentUrl.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 1 && char.IsAsciiLetter(contentUrl[0]) && contentUrl.AsSpan(0, scheme).IndexOfAnyExcept(SchemeCharacters) < 0) // one letter is a drive
        {
            return true;
        }

        return contentUrl.Length > 0
            && contentUrl[0] is not ('/' or '\\')
            && !(contentUrl.Length > 1 && contentUrl[1] == ':')
            && !contentUrl.Split('/', '\\').Contains("..")
            && !contentUrl.Any(char.IsControl);
    }
}
