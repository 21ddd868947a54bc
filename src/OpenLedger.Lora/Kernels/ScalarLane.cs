namespace OpenLedger.Lora.Kernels;

/// <summary>One float per register: the path of machines without vectors.</summary>
internal readonly unsafe struct ScalarLane : ILanes<float>
{
    public static int Count => 1;

    public static float Zero => 0;

    public static float Broadcast(float value) => value;

    public static float Load(float* source) => *source;

    public static void Store(float value, float* destination) => *destination = value;

    public static float Add(float a, float b) => a + b;

    public static float Multiply(float a, float b) => a * b;

    public static float Max(float a, float b) => MathF.Max(a, b);

    public static float MultiplyAdd(float a, float b, float c) => (a * b) + c;

    public static float Sum(float value) => value;

    public static void StoreSums(float a, float b, float c, float d, float* destination)
    {
        destination[0] = a;
        destination[1] = b;
        destination[2] = c;
        destination[3] = d;
    }

    public static (float Even, float Odd) Part(float first, float second) => (first, second);

    public static (float Even, float Odd) LoadBFloat16(ushort* source) =>
        (BitConverter.UInt32BitsToSingle((uint)source[0] << 16), BitConverter.UInt32BitsToSingle((uint)source[1] << 16));

    public static (float Even, float Odd) LoadHalf(ushort* source) =>
        ((float)BitConverter.UInt16BitsToHalf(source[0]), (float)BitConverter.UInt16BitsToHalf(source[1]));
}
