using System.Text;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>RFC 4180 read character by character: the readable twin of the scanner.</summary>
internal static class SlowCsv
{
    public static List<string[]> Read(string text, char delimiter)
    {
        List<string[]> rows = [];
        List<string> cells = [];
        StringBuilder cell = new();
        bool wasQuoted = false;
        int i = 0;
        while (i < text.Length)
        {
            char c = text[i];
            if (c == '"' && cell.Length == 0 && !wasQuoted)
            {
                wasQuoted = true;
                for (i++; text[i] != '"' || (i + 1 < text.Length && text[i + 1] == '"'); i++)
                {
                    cell.Append(text[i]);
                    i += text[i] == '"' ? 1 : 0;
                }

                i++;
            }
            else if (c == delimiter)
            {
                cells.Add(cell.ToString());
                cell.Clear();
                wasQuoted = false;
                i++;
                if (i == text.Length)
                {
                    cells.Add("");
                    rows.Add([.. cells]);
                    cells.Clear();
                }
            }
            else if (c is '\r' or '\n')
            {
                i += c == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 2 : 1;
                EndRow();
            }
            else
            {
                cell.Append(c);
                i++;
            }
        }

        if (cells.Count > 0 || cell.Length > 0 || wasQuoted)
        {
            EndRow();
        }

        return rows;

        void EndRow()
        {
            bool isBlank = cells.Count == 0 && cell.Length == 0 && !wasQuoted;
            if (!isBlank)
            {
                cells.Add(cell.ToString());
                rows.Add([.. cells]);
            }

            cells.Clear();
            cell.Clear();
            wasQuoted = false;
        }
    }
}
