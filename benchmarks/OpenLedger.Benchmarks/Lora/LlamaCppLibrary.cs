using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>The functions of llama.cpp's C interface that <see cref="LlamaCppPeer"/> calls, from the folder that OPENLEDGER_LLAMA_CPP names.</summary>
/// <remarks>
/// Release 0.5.0 only: its parameter structures have no version field, so that another release could misread them. See
/// <c>benchmarks/llama-cpp/README.md</c> for how to get the libraries.
/// </remarks>
internal static unsafe partial class LlamaCppLibrary
{
    public const string Variable = "OPENLEDGER_LLAMA_CPP";
    public const string SupportedVersion = "0.5.0";
    private const string Llama = "llama";
    private const string Ggml = "ggml";
    private const string GgmlBase = "ggml-base";
    private const string GgmlCpu = "ggml-cpu";

    private static readonly Lazy<string?> Reason = new(Open);

    /// <summary>Why llama.cpp cannot be measured here, or <see langword="null"/> if it can.</summary>
    public static string? UnavailableReason => Reason.Value;

    /// <summary>Half-precision keys and values are llama.cpp's default.</summary>
    [LibraryImport(Llama, EntryPoint = "llama_model_default_params")]
    public static partial ModelParameters DefaultModelParameters();

    [LibraryImport(Llama, EntryPoint = "llama_context_default_params")]
    public static partial ContextParameters DefaultContextParameters();

    [LibraryImport(Llama, EntryPoint = "llama_model_load_from_file", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint LoadModel(string path, ModelParameters parameters);

    [LibraryImport(Llama, EntryPoint = "llama_init_from_model")]
    public static partial nint CreateContext(nint model, ContextParameters parameters);

    [LibraryImport(Llama, EntryPoint = "llama_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Llama, EntryPoint = "llama_model_free")]
    public static partial void FreeModel(nint model);

    [LibraryImport(Llama, EntryPoint = "llama_get_memory")]
    public static partial nint GetMemory(nint context);

    [LibraryImport(Llama, EntryPoint = "llama_memory_clear")]
    public static partial void ClearMemory(nint memory, [MarshalAs(UnmanagedType.U1)] bool data);

    [LibraryImport(Llama, EntryPoint = "llama_decode")]
    public static partial int Decode(nint context, Batch batch);

    [LibraryImport(Llama, EntryPoint = "llama_get_logits_ith")]
    public static partial float* GetLogits(nint context, int index);

    [LibraryImport(Llama, EntryPoint = "llama_attach_threadpool")]
    public static partial void AttachThreads(nint context, nint threads, nint batchThreads);

    [LibraryImport(GgmlBase, EntryPoint = "ggml_threadpool_params_init")]
    public static partial void InitializeThreads(void* parameters, int count);

    [LibraryImport(GgmlCpu, EntryPoint = "ggml_threadpool_new")]
    public static partial nint CreateThreads(void* parameters);

    [LibraryImport(GgmlCpu, EntryPoint = "ggml_threadpool_free")]
    public static partial void FreeThreads(nint threads);

    [LibraryImport(GgmlCpu, EntryPoint = "ggml_threadpool_pause")]
    public static partial void PauseThreads(nint threads);

    [LibraryImport(GgmlCpu, EntryPoint = "ggml_threadpool_resume")]
    public static partial void ResumeThreads(nint threads);

    [LibraryImport(Llama, EntryPoint = "llama_version")]
    private static partial byte* GetVersion();

    [LibraryImport(Llama, EntryPoint = "llama_log_set")]
    private static partial void SetLog(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* state);

    [LibraryImport(Llama, EntryPoint = "llama_backend_init")]
    private static partial void Initialize();

    [LibraryImport(Ggml, EntryPoint = "ggml_backend_load_all_from_path", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void LoadBackends(string folder);

    private static string? Open()
    {
        string? folder = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(folder))
        {
            return $"{Variable} is not set to the folder of llama.cpp's libraries";
        }

        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return "the structures of the C interface are declared for Linux on x64 only";
        }

        if (!Directory.Exists(folder) || Find(folder, Llama) is null)
        {
            return $"'{folder}' holds no libllama.*.so";
        }

        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name switch
        {
            Llama or Ggml or GgmlBase => NativeLibrary.Load(Find(folder, name)!),
            GgmlCpu => NativeLibrary.Load(LoadedCpuBackend()),
            _ => 0,
        });
        string version = Marshal.PtrToStringUTF8((nint)GetVersion()) ?? "";
        if (!version.Contains(SupportedVersion, StringComparison.Ordinal))
        {
            return $"'{folder}' holds release '{version}'; the declarations here are of {SupportedVersion}";
        }

        SetLog(&Ignore, null);
        LoadBackends(folder);
        Initialize();
        return null;
    }

    private static string? Find(string folder, string name)
    {
        // The unversioned name, or the one with a version before the extension; 'libllama-common.so' is another library.
        string plain = Path.Combine(folder, $"lib{name}.so");
        return File.Exists(plain) ? plain : Directory.EnumerateFiles(folder, $"lib{name}.*.so").Order(StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>llama.cpp chose one build of the processor's kernels when it loaded its backends; its thread pool belongs to that one.</summary>
    private static string LoadedCpuBackend()
    {
        using Process process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>().Select(module => module.FileName)
            .First(file => Path.GetFileName(file).StartsWith("libggml-cpu", StringComparison.Ordinal));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void Ignore(int level, byte* text, void* state)
    {
    }

    /// <summary><c>llama_model_params</c> of release 0.5.0: only what is set here has a name.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 80)]
    public struct ModelParameters
    {
        [FieldOffset(16)]
        public int GpuLayers;
    }

    /// <summary><c>llama_context_params</c> of release 0.5.0: only what is set here has a name.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 160)]
    public struct ContextParameters
    {
        [FieldOffset(0)]
        public uint Context;

        [FieldOffset(4)]
        public uint BatchSize;

        [FieldOffset(8)]
        public uint MicroBatchSize;

        [FieldOffset(12)]
        public uint MaxSequences;

        [FieldOffset(28)]
        public int Threads;

        [FieldOffset(32)]
        public int BatchThreads;

        [FieldOffset(133)]
        public byte UnifiedCache;

        // Gives the structure the alignment of its pointers.
        [FieldOffset(152)]
        public nint OtherContext;
    }

    /// <summary><c>llama_batch</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Batch
    {
        public int Count;
        public int* Tokens;
        public float* Embeddings;
        public int* Positions;
        public int* SequenceCounts;
        public int** Sequences;
        public sbyte* WantLogits;
    }
}
