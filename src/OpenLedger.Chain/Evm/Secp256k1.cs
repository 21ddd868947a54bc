using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace OpenLedger.Chain.Evm;

// ECDSA with recovery over secp256k1 (SEC 1 v2, sections 4.1.3 and 4.1.6) on BouncyCastle's curve arithmetic: nonces by RFC 6979 with
// HMAC-SHA-256, s in the lower half of the order. Not hardened against local timing attacks beyond what BouncyCastle's comb multiplier does.
internal static class Secp256k1
{
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    private static readonly BigInteger HalfN = Curve.N.ShiftRight(1);

    public static Bytes32 Order { get; } = ToWord(Curve.N);

    public static Bytes32 HalfOrder { get; } = ToWord(HalfN);

    public static byte[] PublicKey(BigInteger privateKey)
    {
        ECPoint point = MultiplyGenerator(privateKey);
        return point.GetEncoded(compressed: false)[1..];
    }

    public static EthereumSignature Sign(BigInteger privateKey, Bytes32 hash)
    {
        byte[] message = hash.ToArray();
        BigInteger n = Curve.N;
        BigInteger z = new(1, message);
        HMacDsaKCalculator nonces = new(new Sha256Digest());
        nonces.Init(n, privateKey, message);
        while (true)
        {
            BigInteger k = nonces.NextK();
            ECPoint point = MultiplyGenerator(k);
            BigInteger x = point.AffineXCoord.ToBigInteger();
            BigInteger r = x.Mod(n);
            BigInteger s = k.ModInverse(n).Multiply(z.Add(r.Multiply(privateKey))).Mod(n);
            if (r.SignValue == 0 || s.SignValue == 0 || x.CompareTo(n) >= 0)
            {
                continue; // probability about 2^-128; v 27/28 cannot say that x was reduced
            }

            bool odd = point.AffineYCoord.ToBigInteger().TestBit(0);
            if (s.CompareTo(HalfN) > 0)
            {
                s = n.Subtract(s);
                odd = !odd;
            }

            Span<byte> bytes = stackalloc byte[EthereumSignature.Length];
            ToWord(r).CopyTo(bytes);
            ToWord(s).CopyTo(bytes[32..]);
            bytes[64] = (byte)(odd ? 28 : 27);
            bool canonical = EthereumSignature.TryRead(bytes, out EthereumSignature signature);
            System.Diagnostics.Debug.Assert(canonical, "Signing makes canonical signatures only.");
            return signature;
        }
    }

    public static bool TryRecover(Bytes32 hash, EthereumSignature signature, out EthereumAddress signer)
    {
        signer = default;
        if (signature.V is not (27 or 28))
        {
            return false;
        }

        BigInteger n = Curve.N;
        BigInteger r = ToInteger(signature.R);
        BigInteger s = ToInteger(signature.S);
        byte[] compressed = new byte[33];
        compressed[0] = (byte)(signature.V == 28 ? 3 : 2);
        signature.R.CopyTo(compressed.AsSpan(1));
        ECPoint point;
        try
        {
            point = Curve.Curve.DecodePoint(compressed);
        }
        catch (ArgumentException)
        {
            return false; // r is not the x coordinate of any point
        }

        BigInteger inverse = r.ModInverse(n);
        BigInteger u1 = n.Subtract(ToInteger(hash).Mod(n)).Multiply(inverse).Mod(n);
        BigInteger u2 = s.Multiply(inverse).Mod(n);
        ECPoint key = ECAlgorithms.SumOfTwoMultiplies(Curve.G, u1, point, u2).Normalize();
        if (key.IsInfinity)
        {
            return false;
        }

        signer = EthereumAddress.FromPublicKey(key.GetEncoded(compressed: false).AsSpan(1));
        return true;
    }

    public static BigInteger ToInteger(Bytes32 word) => new(1, word.ToArray());

    private static ECPoint MultiplyGenerator(BigInteger scalar) => new FixedPointCombMultiplier().Multiply(Curve.G, scalar).Normalize();

    private static Bytes32 ToWord(BigInteger value) => new(Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(Bytes32.Length, value));
}
