namespace OpenLedger.Lora.Kernels;

/// <summary>One float per register: the portable path, and the path for rows shorter than a vector.</summary>
internal readonly unsafe struct ScalarLane : ILanes<float>
{
    public static int Count => 1;

    public static float Zero => 0;

    public static float Broadcast(float value) => value;

    public static float Load(float* source) => *source;

    public static void Store(float value, float* destination) => *destination = value;

    public static float MultiplyAdd(float a, float b, float c) => (a * b) + c;

    public static float KeepLast(float value, int count) => count > 0 ? value : 0;

    public static float Sum(float value) => value;
}
