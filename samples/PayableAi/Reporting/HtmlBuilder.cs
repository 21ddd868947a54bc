using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace PayableAi.Reporting;

/// <summary>
/// Builds a page from interpolated strings: the literal parts are markup, every hole is encoded. So forgetting to encode is not
/// possible; only <see cref="RawHtml"/> passes as it stands.
/// </summary>
internal sealed class HtmlBuilder
{
    private readonly StringBuilder _page = new();

    // The handler has written the line by the time this runs; only its end is missing.
    public void Add([InterpolatedStringHandlerArgument("")] ref Markup markup)
    {
        _ = markup;
        _page.Append('\n');
    }

    public void AddRaw(string markup) => _page.Append(markup).Append('\n');

    public override string ToString() => _page.ToString();

    // Quotes are encoded too, because holes also stand inside attributes. Control characters other than tab and line feed
    // show as the replacement character: they mean nothing in a page, and browsers disagree about them.
    public static void Encode(StringBuilder destination, ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            switch (character)
            {
                case '&': destination.Append("&amp;"); break;
                case '<': destination.Append("&lt;"); break;
                case '>': destination.Append("&gt;"); break;
                case '"': destination.Append("&quot;"); break;
                case '\'': destination.Append("&#39;"); break;
                case '\n' or '\t': destination.Append(character); break;
                default: destination.Append(char.IsControl(character) ? '\uFFFD' : character); break;
            }
        }
    }

    [InterpolatedStringHandler]
    public readonly ref struct Markup(int literalLength, int formattedCount, HtmlBuilder builder)
    {
        private readonly StringBuilder _page = builder._page;

        public int ExpectedLength { get; } = literalLength + (formattedCount * 8);

        public void AppendLiteral(string markup) => _page.Append(markup);

        public void AppendFormatted(string? text) => Encode(_page, text);

        public void AppendFormatted(RawHtml raw) => _page.Append(raw.Markup);

        public void AppendFormatted<T>(T number, string? format = null)
            where T : struct, IFormattable => Encode(_page, number.ToString(format, CultureInfo.InvariantCulture));
    }
}
