namespace OpenLedger.Datanets.Formats;

/// <summary>The metadata at the end of a Parquet file, as far as reading rows needs them, checked.</summary>
/// <remarks>
/// The library never sees a foreign footer: its own parser follows lengths that a file claims, and does not come back from some of them. It gets
/// <see cref="ToThrift"/>, which holds physical types only; what the values mean is decided here. Source: apache/parquet-format, parquet.thrift.
/// </remarks>
internal sealed class ParquetFooter
{
    private const int MaxNodes = 10_000;
    private const int MaxDepth = 32;

    private ParquetFooter()
    {
    }

    public List<ParquetNode> Nodes { get; } = [];

    public List<Group> Groups { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads and checks a footer.</summary>
    /// <exception cref="FormatException">It breaks a rule; the message says which.</exception>
    public static ParquetFooter Parse(ReadOnlySpan<byte> bytes)
    {
        ThriftReader reader = new(bytes);
        ParquetFooter footer = new();
        int field = 0;
        while (reader.TryReadField(ref field, out int type))
        {
            switch (field)
            {
                case 2:
                    for (int i = ReadListHead(ref reader, type); i > 0; i--)
                    {
                        footer.Nodes.Add(ReadNode(ref reader));
                    }

                    break;
                case 4:
                    for (int i = ReadListHead(ref reader, type); i > 0; i--)
                    {
                        footer.Groups.Add(ReadGroup(ref reader));
                    }

                    break;
                case 5:
                    for (int i = ReadListHead(ref reader, type); i > 0; i--)
                    {
                        footer.ReadMetadata(ref reader);
                    }

                    break;
                case 8:
                    throw new FormatException("the file is encrypted");
                default:
                    reader.Skip(type);
                    break;
            }
        }

        footer.Check();
        return footer;
    }

    /// <summary>Writes the footer that the library gets.</summary>
    public byte[] ToThrift()
    {
        ThriftWriter writer = new();
        writer.BeginStruct();
        writer.Int32(1, 1);
        writer.List(2, ThriftReader.Struct, Nodes.Count);
        foreach (ParquetNode node in Nodes)
        {
            WriteNode(writer, node, isRoot: ReferenceEquals(node, Nodes[0]));
        }

        writer.Int64(3, Groups.Sum(group => group.RowCount));
        writer.List(4, ThriftReader.Struct, Groups.Count);
        foreach (Group group in Groups)
        {
            WriteGroup(writer, group);
        }

        writer.EndStruct();
        return writer.ToArray();
    }

    private static int ReadListHead(ref ThriftReader reader, int type)
    {
        ThriftReader.Expect(type, ThriftReader.List);
        int count = reader.ReadListHead(out int elementType);
        if (count > 0)
        {
            ThriftReader.Expect(elementType, ThriftReader.Struct);
        }

        return count;
    }

    private static ParquetNode ReadNode(ref ThriftReader reader)
    {
        ParquetNode node = new();
        int field = 0;
        while (reader.TryReadField(ref field, out int type))
        {
            switch (field)
            {
                case 1: node.Type = (ParquetType)ReadInt32(ref reader, type); break;
                case 2: node.TypeLength = ReadInt32(ref reader, type); break;
                case 3: node.Repetition = ReadInt32(ref reader, type); break;
                case 4:
                    ThriftReader.Expect(type, ThriftReader.Binary);
                    node.Name = reader.ReadText();
                    break;
                case 5: node.ChildCount = ReadInt32(ref reader, type); break;
                case 6: node.SetConverted(ReadInt32(ref reader, type)); break;
                case 7: node.Scale = ReadInt32(ref reader, type); break;
                case 10:
                    ThriftReader.Expect(type, ThriftReader.Struct);
                    ReadLogical(ref reader, node);
                    break;
                default: reader.Skip(type); break;
            }
        }

        return node;
    }

    private static void ReadLogical(ref ThriftReader reader, ParquetNode node)
    {
        int variant = 0;
        while (reader.TryReadField(ref variant, out int type))
        {
            ThriftReader.Expect(type, ThriftReader.Struct);
            node.SetLogical(variant);
            int field = 0;
            while (reader.TryReadField(ref field, out int fieldType))
            {
                bool isFlag = fieldType is ThriftReader.True or ThriftReader.False;
                if ((variant is 7 or 8) && field == 1 && isFlag)
                {
                    node.IsUtc = fieldType == ThriftReader.True;
                }
                else if ((variant is 7 or 8) && field == 2 && fieldType == ThriftReader.Struct)
                {
                    int unit = 0;
                    while (reader.TryReadField(ref unit, out int unitType))
                    {
                        node.Unit = unit; // 1 milli-, 2 micro-, 3 nanoseconds
                        reader.Skip(unitType);
                    }
                }
                else if (variant == 10 && field == 2 && isFlag)
                {
                    node.IsUnsigned = fieldType == ThriftReader.False;
                }
                else
                {
                    reader.Skip(fieldType);
                }
            }
        }
    }

    private static Group ReadGroup(ref ThriftReader reader)
    {
        List<Chunk> chunks = [];
        long rows = -1;
        int field = 0;
        while (reader.TryReadField(ref field, out int type))
        {
            switch (field)
            {
                case 1:
                    for (int i = ReadListHead(ref reader, type); i > 0; i--)
                    {
                        chunks.Add(ReadChunk(ref reader));
                    }

                    break;
                case 3:
                    ThriftReader.Expect(type, ThriftReader.I64);
                    rows = reader.ReadInteger();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new Group(rows, chunks);
    }

    private static Chunk ReadChunk(ref ThriftReader reader)
    {
        Chunk chunk = new();
        int field = 0;
        while (reader.TryReadField(ref field, out int type))
        {
            switch (field)
            {
                case 1:
                    throw new FormatException("a column is in another file");
                case 3:
                    ThriftReader.Expect(type, ThriftReader.Struct);
                    ReadChunkMetadata(ref reader, chunk);
                    break;
                case 8 or 9:
                    throw new FormatException("a column is encrypted");
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return chunk;
    }

    private static void ReadChunkMetadata(ref ThriftReader reader, Chunk chunk)
    {
        int field = 0;
        while (reader.TryReadField(ref field, out int type))
        {
            switch (field)
            {
                case 1: chunk.Type = (ParquetType)ReadInt32(ref reader, type); break;
                case 3:
                    ThriftReader.Expect(type, ThriftReader.List);
                    int parts = reader.ReadListHead(out int elementType);
                    ThriftReader.Expect(elementType, ThriftReader.Binary);
                    for (int i = 0; i < parts; i++)
                    {
                        chunk.Path.Add(reader.ReadText());
                    }

                    break;
                case 4: chunk.Codec = (ParquetCodec)ReadInt32(ref reader, type); break;
                case 5: chunk.ValueCount = ReadInt64(ref reader, type); break;
                case 7: chunk.Length = ReadInt64(ref reader, type); break;
                case 9: chunk.DataOffset = ReadInt64(ref reader, type); break;
                case 11: chunk.DictionaryOffset = ReadInt64(ref reader, type); break;
                default: reader.Skip(type); break;
            }
        }
    }

    private static int ReadInt32(ref ThriftReader reader, int type)
    {
        ThriftReader.Expect(type, ThriftReader.I32);
        return reader.ReadInt32();
    }

    private static long ReadInt64(ref ThriftReader reader, int type)
    {
        ThriftReader.Expect(type, ThriftReader.I64);
        return reader.ReadInteger();
    }

    private static void WriteNode(ThriftWriter writer, ParquetNode node, bool isRoot)
    {
        writer.BeginStruct();
        if (node.Type is { } type)
        {
            writer.Int32(1, (int)type);
            if (type == ParquetType.FixedLengthByteArray)
            {
                writer.Int32(2, node.TypeLength);
            }
        }

        if (!isRoot)
        {
            writer.Int32(3, node.Repetition);
        }

        writer.Text(4, node.Name);
        if (node.ChildCount > 0)
        {
            writer.Int32(5, node.ChildCount);
            if (node.Meaning is ParquetMeaning.List or ParquetMeaning.Map)
            {
                writer.Int32(6, node.Meaning == ParquetMeaning.List ? 3 : 1);
            }
        }

        writer.EndStruct();
    }

    private static void WriteGroup(ThriftWriter writer, Group group)
    {
        writer.BeginStruct();
        writer.List(1, ThriftReader.Struct, group.Chunks.Count);
        foreach (Chunk chunk in group.Chunks)
        {
            writer.BeginStruct();
            writer.Int64(2, chunk.Start);
            writer.Struct(3);
            writer.Int32(1, (int)chunk.Type);
            writer.List(2, ThriftReader.I32, 0);
            writer.List(3, ThriftReader.Binary, chunk.Path.Count);
            chunk.Path.ForEach(writer.TextElement);
            writer.Int32(4, (int)chunk.Codec);
            writer.Int64(5, chunk.ValueCount);
            writer.Int64(6, chunk.Length);
            writer.Int64(7, chunk.Length);
            writer.Int64(9, chunk.Start);
            writer.EndStruct();
            writer.EndStruct();
        }

        writer.Int64(2, group.Chunks.Sum(chunk => chunk.Length));
        writer.Int64(3, group.RowCount);
        writer.EndStruct();
    }

    private void ReadMetadata(ref ThriftReader reader)
    {
        string key = "";
        string value = "";
        int field = 0;
        while (reader.TryReadField(ref field, out int type))
        {
            ThriftReader.Expect(type, ThriftReader.Binary);
            ReadOnlySpan<byte> text = reader.ReadBinary(); // other writers keep binary here, which nobody asks for
            (field == 1 ? ref key : ref value) = System.Text.Encoding.UTF8.GetString(text);
        }

        Metadata[key] = value;
    }

    private void Check()
    {
        if (Nodes.Count is < 2 or > MaxNodes)
        {
            throw new FormatException(FormattableString.Invariant($"the schema has {Nodes.Count} elements; 2 to {MaxNodes} are read"));
        }

        List<(string[] Path, ParquetNode Leaf)> leaves = [];
        int next = 1;
        Nodes[0].Type = null;
        CheckChildren(Nodes[0], [], ref next, leaves, 0);
        if (next != Nodes.Count)
        {
            throw new FormatException("the schema has elements that belong to no group");
        }

        foreach (Group group in Groups)
        {
            if (group.RowCount < 0 || group.Chunks.Count != leaves.Count)
            {
                throw new FormatException(FormattableString.Invariant($"a row group has {group.Chunks.Count} columns and the schema {leaves.Count}"));
            }

            for (int i = 0; i < leaves.Count; i++)
            {
                Chunk chunk = group.Chunks[i];
                bool isConsistent = chunk.Type == leaves[i].Leaf.Type && chunk.Path.SequenceEqual(leaves[i].Path, StringComparer.Ordinal)
                    && chunk.ValueCount >= 0 && chunk.ValueCount <= int.MaxValue && chunk.Length >= 0 && chunk.Start > 0;
                if (!isConsistent)
                {
                    throw new FormatException($"the column '{string.Join('.', leaves[i].Path)}' contradicts the schema");
                }
            }
        }
    }

    private void CheckChildren(ParquetNode parent, string[] path, ref int next, List<(string[] Path, ParquetNode Leaf)> leaves, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException($"the schema nests deeper than {MaxDepth}");
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        for (int i = 0; i < parent.ChildCount; i++)
        {
            if (next >= Nodes.Count)
            {
                throw new FormatException("the schema promises more elements than it has");
            }

            ParquetNode node = Nodes[next++];
            if (node.Name.Length == 0 || !names.Add(node.Name) || node.Repetition is < 0 or > 2)
            {
                throw new FormatException("the schema has two columns of one name, or one without a name or repetition");
            }

            string[] nodePath = [.. path, node.Name];
            parent.Children.Add(node);
            if (node.Type is null && node.ChildCount > 0)
            {
                CheckChildren(node, nodePath, ref next, leaves, depth + 1);
                continue;
            }

            bool isLeaf = node.Type is { } type && node.ChildCount <= 0 && Enum.IsDefined(type)
                && (type != ParquetType.FixedLengthByteArray || node.TypeLength is > 0 and <= 1 << 16);
            if (!isLeaf)
            {
                throw new FormatException($"the column '{string.Join('.', nodePath)}' has no type that is read");
            }

            leaves.Add((nodePath, node));
        }
    }

    /// <summary>A row group.</summary>
    public sealed record Group(long RowCount, List<Chunk> Chunks);

    /// <summary>The part of a column that is in one row group.</summary>
    public sealed class Chunk
    {
        public ParquetType Type { get; set; }

        public List<string> Path { get; } = [];

        public ParquetCodec Codec { get; set; }

        public long ValueCount { get; set; } = -1;

        public long Length { get; set; } = -1;

        public long DataOffset { get; set; }

        public long DictionaryOffset { get; set; }

        /// <summary>Writers disagree on whether the dictionary's offset is given; its page comes first.</summary>
        public long Start => DictionaryOffset > 0 ? Math.Min(DictionaryOffset, DataOffset) : DataOffset;
    }
}
