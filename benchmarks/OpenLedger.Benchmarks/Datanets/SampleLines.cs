using System.Globalization;
using System.Text;
using OpenLedger.Datanets.Schemas;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>JSON Lines of about 1 kB each as programs write them, and the schema they fit.</summary>
internal static class SampleLines
{
    private const string English =
        "the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there "
        + "would their we him been has when who will no more if out so said what up its about than into them can only other time new some could these two";

    private const string Vietnamese =
        "đây là một đoạn văn bản tiếng Việt được dùng để đo tốc độ chuẩn hoá với đầy đủ các dấu thanh và chữ cái đặc biệt của ngôn ngữ này trong máy tính";

    public static DatanetSchema Schema { get; } = new SchemaBuilder("questions").Variant("question", variant => variant
        .Required("question", new TextField(1, 10_000))
        .Required("answer", new TextField(1, 10_000))
        .Optional("tags", new ListField(new TextField(1, 50), 0, 10))
        .Optional("score", new NumberField(0, 1, isInteger: false))
        .Optional("number", new NumberField(0, 1e9, isInteger: true))).Build();

    /// <summary>Canonical already: no spaces, members sorted.</summary>
    public static byte[] Canonical(int count) => Build(count, (number, random) =>
        $$"""{"answer":"{{Prose(English, 700, random)}}","number":{{number}},"question":"{{Prose(English, 200, random)}}","score":{{Score(random)}},"tags":["one","two"]}""");

    /// <summary>As json.dumps of Python writes it: spaces, members in the order of writing, escapes, line breaks in the text.</summary>
    public static byte[] Python(int count) => Build(count, (number, random) =>
        $$"""{"question": "{{Prose(English, 200, random)}}\n\u201c{{Prose(English, 20, random)}}\u201d", "answer": "{{Prose(English, 300, random)}}.\n\n{{Prose(English, 350, random)}}", "tags": ["one", "two"], "score": {{Score(random)}}, "number": {{number}}}""");

    /// <summary>Vietnamese: a third of the bytes are not ASCII.</summary>
    public static byte[] Accented(int count) => Build(count, (number, random) =>
        $$"""{"answer":"{{Prose(Vietnamese, 500, random)}}","number":{{number}},"question":"{{Prose(Vietnamese, 150, random)}}","score":{{Score(random)}},"tags":["một"]}""");

    /// <summary>The lines of a file without their breaks.</summary>
    public static byte[][] Split(byte[] file)
    {
        List<byte[]> lines = [];
        foreach (Range line in file.AsSpan().Split((byte)'\n'))
        {
            if (file[line].Length > 0)
            {
                lines.Add(file[line]);
            }
        }

        return [.. lines];
    }

    private static byte[] Build(int count, Func<int, Random, string> line)
    {
        Random random = new(1);
        using MemoryStream file = new();
        for (int i = 0; i < count; i++)
        {
            file.Write(Encoding.UTF8.GetBytes(line(i, random)));
            file.WriteByte((byte)'\n');
        }

        return file.ToArray();
    }

    private static string Score(Random random) => Math.Round(random.NextDouble(), 4).ToString(CultureInfo.InvariantCulture);

    private static string Prose(string vocabulary, int length, Random random)
    {
        string[] words = vocabulary.Split(' ');
        StringBuilder text = new();
        while (text.Length < length)
        {
            string word = words[random.Next(words.Length)];
            text.Append(random.Next(12) == 0 ? char.ToUpperInvariant(word[0]) + word[1..] : word).Append(random.Next(14) == 0 ? ". " : " ");
        }

        return text.ToString().TrimEnd();
    }
}
