using System.Net;
using System.Net.Sockets;

namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Names and addresses that registries keep for examples and for private networks.</summary>
internal static class ReservedNames
{
    /// <summary>RFC 2606 and 6761: <c>example.com</c> and its like.</summary>
    public static bool IsDocumentation(ReadOnlySpan<char> domain)
    {
        foreach (string reserved in (ReadOnlySpan<string>)["example.com", "example.org", "example.net", "example", "test", "invalid", "localhost"])
        {
            if (domain.EndsWith(reserved, StringComparison.OrdinalIgnoreCase)
                && (domain.Length == reserved.Length || domain[domain.Length - reserved.Length - 1] == '.'))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Why an address is nobody's public address (RFC 6890 registries), or <see langword="null"/> when it is one.</summary>
    public static string? SpecialUse(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return address.IsIPv4MappedToIPv6 ? SpecialUse(address.MapToIPv4())
                : IPAddress.IsLoopback(address) ? "loopback"
                : address.Equals(IPAddress.IPv6None) ? "unspecified"
                : address.IsIPv6LinkLocal ? "link-local"
                : address.IsIPv6Multicast ? "multicast"
                : address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal ? "private"
                : bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x20, 0x01, 0x0d, 0xb8]) ? "documentation"
                : null;
        }

        return (bytes[0], bytes[1], bytes[2]) switch
        {
            (0, _, _) => "unspecified",
            (10, _, _) or (172, >= 16 and <= 31, _) or (192, 168, _) => "private",
            (100, >= 64 and <= 127, _) => "shared",
            (127, _, _) => "loopback",
            (169, 254, _) => "link-local",
            (192, 0, 2) or (198, 51, 100) or (203, 0, 113) => "documentation",
            (198, 18 or 19, _) => "benchmarking",
            ( >= 224, _, _) => "multicast or reserved",
            _ => null,
        };
    }
}
