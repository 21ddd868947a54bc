using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using OpenLedger.Lora.Gguf;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Gguf;

/// <summary>
/// Fuzzing of both tensor readers: random valid files, whole or damaged, give <see cref="ModelFormatException"/> or an object that
/// keeps its promises. <c>OPENLEDGER_FUZZ_EXECUTIONS</c> raises the number of files, <c>OPENLEDGER_FUZZ_SEED</c> changes them.
/// </summary>
public class ReaderFuzzTests
{
    private const double LeastShareRead = .3;

    private static int Executions { get; } = Setting("OPENLEDGER_FUZZ_EXECUTIONS", 20_000);

    private static int Seed { get; } = Setting("OPENLEDGER_FUZZ_SEED", 1);

    [Fact]
    public void GgufFile_MutatedFiles_GiveTheExceptionOrAValidObject() => Run("GgufFile", RandomGguf, path =>
    {
        using GgufFile file = GgufFile.Open(path);
        long end = 0;
        foreach (GgufTensorInfo tensor in file.Tensors.OrderBy(t => t.Offset).ThenBy(t => t.ByteLength))
        {
            Assert.True(tensor.Offset >= end && tensor.Offset % 8 == 0);
            end = tensor.Offset + tensor.ByteLength;
            Assert.Equal(tensor.ByteLength, file.GetBytes(tensor.Name).Length);
            Assert.Equal(tensor.ElementCount, Product(tensor.Shape));
            Sum(file.GetBytes(tensor.Name));
            if (tensor.Type != GgufTensorType.Other)
            {
                Assert.Equal(tensor.ElementCount, file.ReadSingles(tensor.Name).Length);
            }
        }

        Assert.True(end <= new FileInfo(path).Length);
        foreach (string key in file.Metadata.Keys)
        {
            Assert.True(file.Metadata.TryGetValue(key, out object? value));
            Assert.NotNull(value);
        }

        try
        {
            GgufTokenizerData data = GgufTokenizerData.Read(file);
            Assert.True(data.Scores.Count == 0 || data.Scores.Count == data.Tokens.Count);
        }
        catch (ModelFormatException exception) when (exception.Error == ModelFormatError.ConfigInvalid)
        {
        }
    });

    [Fact]
    public void SafetensorsFile_MutatedFiles_GiveTheExceptionOrAValidObject() => Run("SafetensorsFile", RandomSafetensors, path =>
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        long end = 0;
        foreach (SafetensorsTensorInfo tensor in file.Tensors.OrderBy(t => t.Offset).ThenBy(t => t.ByteLength))
        {
            Assert.Equal(end, tensor.Offset);
            end = tensor.Offset + tensor.ByteLength;
            Assert.Equal(tensor.ByteLength, file.GetBytes(tensor.Name).Length);
            Assert.Equal(tensor.ElementCount, Product(tensor.Shape));
            Sum(file.GetBytes(tensor.Name));
            if (tensor.DataType is SafetensorsDataType.F32 or SafetensorsDataType.F16 or SafetensorsDataType.BF16 or SafetensorsDataType.F64)
            {
                Assert.Equal(tensor.ElementCount, file.ReadSingles(tensor.Name).Length);
            }
        }

        Assert.True(end <= new FileInfo(path).Length);
    });

    private static void Run(string reader, Func<Random, (byte[] Bytes, int HeadLength)> generate, Action<string> open)
    {
        using TemporaryFolder folder = new();

        // Files in memory where there is such a file system: a disk makes this ten times slower.
        string path = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : folder.Path, $"openledger-fuzz-{Environment.ProcessId}-{reader}");
        ByteMutator mutator = new(Seed);
        (byte[] Bytes, int HeadLength) other = generate(mutator.Random);
        int read = 0;
        Dictionary<ModelFormatError, int> refused = [];
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < Executions; i++)
        {
            (byte[] valid, int headLength) = generate(mutator.Random);
            byte[] bytes;
            bool mustOpen = false;
            switch (mutator.Random.Next(10))
            {
                case 0:
                    bytes = valid;
                    mustOpen = true;
                    break;
                case 1 or 2:
                    // Weights of any bits, NaN and infinite scales included, are no fault of the file.
                    bytes = valid;
                    mutator.Flip(bytes.AsSpan(headLength));
                    mustOpen = true;
                    break;
                default:
                    bytes = mutator.Mutate(valid, headLength, other.Bytes);
                    break;
            }

            other = (valid, headLength);
            File.WriteAllBytes(path, bytes);
            try
            {
                open(path);
                read++;
            }
            catch (ModelFormatException exception) when (!mustOpen)
            {
                refused[exception.Error] = refused.GetValueOrDefault(exception.Error) + 1;
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{reader}, seed {Seed}, execution {i}: {Convert.ToBase64String(bytes)}", exception);
            }
        }

        File.Delete(path);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        string figures = string.Create(CultureInfo.InvariantCulture,
            $"{reader}: {Executions} executions in {elapsed.TotalSeconds:F0} s, {read} past the header ({100.0 * read / Executions:F1} %), refused: {string.Join(", ", refused.OrderByDescending(p => p.Value).Select(p => $"{p.Key} {p.Value}"))}");
        TestContext.Current.TestOutputHelper!.WriteLine(figures);
        Assert.True(read >= Executions * LeastShareRead, figures);
        Assert.True(refused.Count >= 5 && refused.Values.Sum() >= Executions / 10, figures);
    }

    private static (byte[] Bytes, int HeadLength) RandomGguf(Random random)
    {
        string[] keys = ["general.architecture", "llama.block_count", "tokenizer.ggml.model", "tokenizer.ggml.tokens", "tokenizer.ggml.scores", "a", "é"];
        random.Shuffle(keys);
        int entries = random.Next(keys.Length);
        int tensors = random.Next(4);
        int alignment = random.Next(4) == 0 ? 8 << random.Next(5) : 32;
        GgufBytes head = GgufBytes.Head((ulong)tensors, (ulong)entries + 1, (uint)random.Next(2, 4)).Text("general.alignment").U32(4).U32((uint)alignment);
        foreach (string key in keys.AsSpan(0, entries))
        {
            head.Text(key);
            switch (key)
            {
                case "tokenizer.ggml.tokens":
                    head.U32(9).U32(8).U64(3).Text("a").Text("").Text("\u2581b");
                    break;
                case "tokenizer.ggml.scores":
                    head.U32(9).U32(6).U64(3).U32(0).U32(1).U32(2);
                    break;
                case "tokenizer.ggml.model":
                    head.U32(8).Text("llama");
                    break;
                default:
                    RandomValue(head, random, depth: 0);
                    break;
            }
        }

        (uint Id, int Block, int Bytes)[] types = [(0, 1, 4), (1, 1, 2), (30, 1, 2), (8, 32, 34), (2, 32, 18), (12, 256, 144), (27, 1, 8)];
        int offset = 0;
        List<int> lengths = [];
        for (int i = 0; i < tensors; i++)
        {
            (uint id, int block, int size) = types[random.Next(types.Length)];
            ulong[] extents = new ulong[random.Next(block == 1 ? 0 : 1, 4)];
            int blocks = 1;
            for (int d = 0; d < extents.Length; d++)
            {
                int extent = random.Next(10) == 0 ? 0 : random.Next(1, 5);
                extents[d] = (ulong)(d == 0 ? extent * block : extent);
                blocks *= extent;
            }

            head.Tensor($"blk.{i}.weight", id, (ulong)offset, extents);
            lengths.Add(blocks * size);
            offset = (offset + (blocks * size) + alignment - 1) / alignment * alignment;
        }

        byte[] start = head.Pad(alignment).ToArray();
        byte[] bytes = new byte[start.Length + offset];
        start.CopyTo(bytes, 0);
        random.NextBytes(bytes.AsSpan(start.Length));
        return (bytes, start.Length);
    }

    private static void RandomValue(GgufBytes head, Random random, int depth)
    {
        int[] sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
        int type = random.Next(depth < 3 ? 13 : 9);
        head.U32((uint)type);
        if (type == 9)
        {
            RandomArray(head, random, depth + 1);
        }
        else
        {
            RandomScalar(head, random, type, sizes[type]);
        }
    }

    private static void RandomArray(GgufBytes head, Random random, int depth)
    {
        int[] sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
        int type = random.Next(13);
        if (type == 9 && depth == GgufHeader.MaxArrayDepth)
        {
            type = 4;
        }

        int count = random.Next(4);
        head.U32((uint)type).U64((ulong)count);
        for (int i = 0; i < count; i++)
        {
            if (type == 9)
            {
                RandomArray(head, random, depth + 1);
            }
            else
            {
                RandomScalar(head, random, type, sizes[type]);
            }
        }
    }

    private static void RandomScalar(GgufBytes head, Random random, int type, int size)
    {
        if (type == 8)
        {
            head.Text(new string('x', random.Next(20)));
            return;
        }

        byte[] value = new byte[size];
        random.NextBytes(value);
        head.Raw(type == 7 ? [(byte)random.Next(2)] : value);
    }

    private static (byte[] Bytes, int HeadLength) RandomSafetensors(Random random)
    {
        (string Name, int Size)[] types = [("F32", 4), ("F16", 2), ("BF16", 2), ("F64", 8), ("I64", 8), ("U8", 1), ("BOOL", 1), ("F8_E4M3", 1)];
        StringBuilder json = new("{");
        if (random.Next(2) == 0)
        {
            json.Append("\"__metadata__\":{\"format\":\"pt\",\"k\\u00e9\":\"v\"},");
        }

        int offset = 0;
        int tensors = random.Next(5);
        for (int i = 0; i < tensors; i++)
        {
            (string type, int size) = types[random.Next(types.Length)];
            int[] shape = new int[random.Next(4)];
            int bytes = size;
            for (int d = 0; d < shape.Length; d++)
            {
                shape[d] = random.Next(10) == 0 ? 0 : random.Next(1, 5);
                bytes *= shape[d];
            }

            json.Append(CultureInfo.InvariantCulture, $"\"model.layers.{i}.weight\":{{\"dtype\":\"{type}\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{offset},{offset + bytes}]}},");
            offset += bytes;
        }

        byte[] text = Encoding.UTF8.GetBytes(json.ToString().TrimEnd(',') + "}" + new string(' ', random.Next(8)));
        byte[] file = new byte[8 + text.Length + offset];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)text.Length);
        text.CopyTo(file, 8);
        random.NextBytes(file.AsSpan(8 + text.Length));
        return (file, 8 + text.Length);
    }

    private static long Product(ReadOnlySpan<int> shape)
    {
        long product = 1;
        foreach (int extent in shape)
        {
            product *= extent;
        }

        return product;
    }

    /// <summary>Touches every byte, so that a range outside the mapping would be noticed.</summary>
    private static int Sum(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        foreach (byte b in bytes)
        {
            sum += b;
        }

        return sum;
    }

    private static int Setting(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
