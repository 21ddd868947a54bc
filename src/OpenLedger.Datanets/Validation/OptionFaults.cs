using System.Globalization;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation;

/// <summary>Gathers what is wrong with an options record, so that all of it is said at once.</summary>
internal sealed class OptionFaults
{
    private readonly List<string> _faults = [];

    public void Range(string name, double value, double minimum, double maximum)
    {
        if (!(value >= minimum && value <= maximum)) // so that NaN is a fault
        {
            _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be from {minimum} to {maximum}."));
        }
    }

    public void Fraction(string name, double value) => Range(name, value, 0, 1);

    public void Order(string lowName, double low, string highName, double high)
    {
        if (low > high)
        {
            _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{lowName} is {low} and {highName} {high}; the first must not be greater."));
        }
    }

    public void Texts(string name, IEnumerable<string>? texts)
    {
        if (texts is null || texts.Any(string.IsNullOrEmpty))
        {
            _faults.Add($"{name} is missing or holds an empty text.");
        }
    }

    public void Present(string name, object? value)
    {
        if (value is null)
        {
            _faults.Add($"{name} is missing.");
        }
    }

    public void Add(string fault) => _faults.Add(fault);

    /// <exception cref="ArgumentException">There is a fault.</exception>
    public void Throw()
    {
        if (_faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", _faults));
        }
    }

    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);
}
