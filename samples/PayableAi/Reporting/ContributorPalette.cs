using System.Globalization;
using System.Text;

namespace PayableAi.Reporting;

/// <summary>
/// Gives each contributor a colour, in order of appearance. The six hues differ in lightness as well, so that they stay apart with
/// red-green blindness; contributors beyond the sixth share a grey. A name always stands beside the colour.
/// </summary>
internal sealed class ContributorPalette
{
    /// <summary>The class of whoever has no colour of their own.</summary>
    public const string UnknownClass = "who-x";

    /// <summary>Colours on light paper: contrast at least 4.5 to 1 (WCAG 2.2, 1.4.3).</summary>
    public static readonly IReadOnlyList<string> Light = ["#1545a2", "#84200a", "#138168", "#6f3568", "#78650e", "#6f5db9"];

    /// <summary>Colours on dark paper: the same contrast.</summary>
    public static readonly IReadOnlyList<string> Dark = ["#6398f7", "#d97b3d", "#7af4b7", "#db9cb2", "#f4d660", "#b9b0f7"];

    private const string GreyLight = "#5d5a54";
    private const string GreyDark = "#a5a29a";

    private readonly Dictionary<string, string> _classes = new(StringComparer.Ordinal);

    public ContributorPalette(IEnumerable<string> contributors)
    {
        foreach (string contributor in contributors)
        {
            if (_classes.Count == Light.Count)
            {
                break;
            }

            _classes.TryAdd(contributor, string.Create(CultureInfo.InvariantCulture, $"who-{_classes.Count}"));
        }
    }

    public string ClassOf(string contributor) => _classes.GetValueOrDefault(contributor, UnknownClass);

    /// <summary>The background of marked text: the colour thinned with the card it stands on.</summary>
    public static string Tint(string colour, string card, double strength)
    {
        var tint = new StringBuilder("#");
        for (int i = 1; i < 7; i += 2)
        {
            int front = Convert.ToInt32(colour.Substring(i, 2), 16);
            int back = Convert.ToInt32(card.Substring(i, 2), 16);
            tint.Append(CultureInfo.InvariantCulture, $"{(int)Math.Round((front * strength) + (back * (1 - strength))):x2}");
        }

        return tint.ToString();
    }

    /// <summary>The rules that set <c>--who</c> and <c>--tint</c> for each class.</summary>
    public static string Rules(bool dark)
    {
        var rules = new StringBuilder();
        string card = dark ? ReportStyle.DarkCard : ReportStyle.LightCard;
        IEnumerable<string> colours = dark ? Dark.Append(GreyDark) : Light.Append(GreyLight);
        int index = 0;
        foreach (string colour in colours)
        {
            string name = index < Light.Count ? string.Create(CultureInfo.InvariantCulture, $"who-{index}") : UnknownClass;
            rules.Append(CultureInfo.InvariantCulture, $".{name}{{--who:{colour};--tint:{Tint(colour, card, dark ? 0.22 : 0.15)}}}\n");
            index++;
        }

        return rules.ToString();
    }
}
