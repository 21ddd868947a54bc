using System.Text.Json;

namespace OpenLedger.Chain.Tests.Reference;

/// <summary>The rules of canonical documents, checked on a parsed tree.</summary>
internal static class CanonicalDocuments
{
    public static void AssertCanonical(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                string[] names = [.. element.EnumerateObject().Select(member => member.Name)];
                Assert.Equal(names.Order(StringComparer.Ordinal), names);
                Assert.All(element.EnumerateObject(), member => AssertCanonical(member.Value));
                break;
            case JsonValueKind.Array:
                Assert.All(element.EnumerateArray(), AssertCanonical);
                break;
            default:
                Assert.Equal(JsonValueKind.String, element.ValueKind);
                break;
        }
    }
}
