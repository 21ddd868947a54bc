using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Manifests;

/// <summary>The words of Croissant and their spellings in JSON-LD.</summary>
internal static class CroissantTerms
{
    public const string Version10 = "http://mlcommons.org/croissant/1.0";
    public const string Version11 = "http://mlcommons.org/croissant/1.1";
    public const string ResponsibleAi = "http://mlcommons.org/croissant/RAI/1.0";
    public const string RaiPrefix = "rai:";

    // Prefixes that mean "no prefix" in the context that Croissant prescribes.
    private static readonly string[] PlainPrefixes =
        ["https://schema.org/", "http://schema.org/", "sc:", "schema:", "http://mlcommons.org/croissant/", "cr:", "http://purl.org/dc/terms/", "dct:"];

    private static readonly string[] CroissantNames =
    [
        "annotation", "arrayShape", "citeAs", "column", "containedIn", "delimiter", "equivalentProperty", "excludes", "extract", "field", "fileObject",
        "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "jsonQuery", "key", "md5", "parentField", "path",
        "recordSet", "references", "regex", "repeated", "replace", "separator", "source", "subField", "transform", "value",
    ];

    /// <summary>The short spelling of a member name or type: <c>sc:name</c>, <c>https://schema.org/name</c> and <c>name</c> are one.</summary>
    public static string Short(string name)
    {
        foreach (string prefix in (ReadOnlySpan<string>)["http://mlcommons.org/croissant/RAI/", RaiPrefix])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return RaiPrefix + name[prefix.Length..];
            }
        }

        foreach (string prefix in PlainPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length)
            {
                return name[prefix.Length..];
            }
        }

        return name;
    }

    /// <summary>The context that documents are written with.</summary>
    public static JsonObject Context()
    {
        SortedDictionary<string, JsonNode?> members = new(StringComparer.Ordinal)
        {
            ["@language"] = "en",
            ["@vocab"] = "https://schema.org/",
            ["conformsTo"] = "dct:conformsTo",
            ["cr"] = "http://mlcommons.org/croissant/",
            ["data"] = new JsonObject { ["@id"] = "cr:data", ["@type"] = "@json" },
            ["dataType"] = new JsonObject { ["@id"] = "cr:dataType", ["@type"] = "@vocab" },
            ["dct"] = "http://purl.org/dc/terms/",
            ["examples"] = new JsonObject { ["@id"] = "cr:examples", ["@type"] = "@json" },
            ["odrl"] = "http://www.w3.org/ns/odrl/2/",
            ["prov"] = "http://www.w3.org/ns/prov#",
            ["rai"] = "http://mlcommons.org/croissant/RAI/",
            ["sc"] = "https://schema.org/",
            ["usageInfo"] = "sc:usageInfo",
        };
        foreach (string name in CroissantNames)
        {
            // containedIn and value are schema.org's own words in the prescribed context.
            if (name is not ("containedIn" or "value"))
            {
                members[name] = "cr:" + name;
            }
        }

        return new JsonObject(members);
    }
}
