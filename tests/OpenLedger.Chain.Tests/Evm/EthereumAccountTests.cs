using System.Numerics;
using System.Text;
using System.Text.Json;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Tests.Reference;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Chain.Tests.Evm;

public class EthereumAccountTests
{
    [Fact]
    public void FromPrivateKey_PublishedVectors_GiveTheAddresses()
    {
        JsonElement vectors = JsonVectors.Read("chain/ethers_accounts.json.gz");
        Assert.Equal(259, vectors.GetArrayLength());
        foreach (JsonElement vector in vectors.EnumerateArray())
        {
            Assert.Equal(vector.Text("address"), EthereumAccount.FromPrivateKey(vector.GetProperty("privateKey").Bytes()).Address.ToString());
        }
    }

    // RFC 6979 nonces over secp256k1 with SHA-256: vectors that Bitcoin implementations publish for key 1.
    [Theory]
    [InlineData("Satoshi Nakamoto", "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8", "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5")]
    [InlineData("All those moments will be lost in time, like tears in rain. Time to die...", "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b", "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21")]
    public void SignHash_Rfc6979Vectors_Equal(string message, string r, string s)
    {
        byte[] key = new byte[32];
        key[31] = 1;
        Bytes32 hash = new(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(message)));
        EthereumSignature signature = EthereumAccount.FromPrivateKey(key).SignHash(hash);
        Assert.Equal("0x" + r, signature.R.ToString());
        Assert.Equal("0x" + s, signature.S.ToString());
    }

    [Fact]
    public void SignHash_RandomHashes_RecoverToTheAccountAndRepeat()
    {
        Random random = new(3);
        byte[] bytes = new byte[32];
        HashSet<byte> recoveryIds = [];
        for (int i = 0; i < 40; i++)
        {
            random.NextBytes(bytes);
            EthereumAccount account = EthereumAccount.FromSeed(bytes);
            random.NextBytes(bytes);
            Bytes32 hash = new(bytes);
            EthereumSignature signature = account.SignHash(hash);
            Assert.Equal(signature, account.SignHash(hash));
            Assert.True(signature.S <= Secp256k1.HalfOrder);
            Assert.True(signature.TryRecover(hash, out EthereumAddress signer));
            Assert.Equal(account.Address, signer);
            Assert.True(signature.IsBy(hash, account.Address));
            bytes[i % 32] ^= 1;
            Assert.False(signature.IsBy(new Bytes32(bytes), account.Address));
            recoveryIds.Add(signature.V);
        }

        Assert.Equal(2, recoveryIds.Count);
    }

    [Fact]
    public void SignHash_ExtremeHashes_Recover()
    {
        EthereumAccount account = EthereumAccount.FromSeed([7]);
        byte[] ones = new byte[32];
        ones.AsSpan().Fill(0xff);
        foreach (Bytes32 hash in (Bytes32[])[default, new(ones), Secp256k1.Order])
        {
            Assert.True(account.SignHash(hash).IsBy(hash, account.Address));
        }
    }

    [Fact]
    public void TryRead_HighS_IsRefused()
    {
        EthereumAccount account = EthereumAccount.FromSeed([8]);
        byte[] bytes = account.SignHash(Bytes32.HashOf("a")).ToArray();
        Assert.True(EthereumSignature.TryRead(bytes, out _));

        // The mirrored signature verifies in plain ECDSA; accepting it would give every receipt a second form.
        BigInteger order = new(Secp256k1.Order.ToArray(), isUnsigned: true, isBigEndian: true);
        BigInteger high = order - new BigInteger(bytes.AsSpan(32, 32), isUnsigned: true, isBigEndian: true);
        high.ToByteArray(isUnsigned: true, isBigEndian: true).CopyTo(bytes.AsSpan(32));
        bytes[64] = (byte)(55 - bytes[64]);
        Assert.False(EthereumSignature.TryRead(bytes, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(26)]
    [InlineData(29)]
    public void TryRead_OtherV_IsRefused(byte v)
    {
        byte[] bytes = EthereumAccount.FromSeed([8]).SignHash(Bytes32.HashOf("a")).ToArray();
        bytes[64] = v;
        Assert.False(EthereumSignature.TryRead(bytes, out _));
    }

    [Fact]
    public void TryRead_ZeroOrTooLargeParts_AreRefused()
    {
        byte[] valid = EthereumAccount.FromSeed([8]).SignHash(Bytes32.HashOf("a")).ToArray();
        foreach (int offset in (int[])[0, 32])
        {
            byte[] zero = [.. valid];
            zero.AsSpan(offset, 32).Clear();
            Assert.False(EthereumSignature.TryRead(zero, out _));
            byte[] large = [.. valid];
            Secp256k1.Order.CopyTo(large.AsSpan(offset));
            Assert.False(EthereumSignature.TryRead(large, out _));
        }

        Assert.False(EthereumSignature.TryRead(valid.AsSpan(1), out _));
        Assert.False(default(EthereumSignature).TryRecover(default, out _));
    }

    [Fact]
    public void TryRecover_RandomSignatures_NeverThrow()
    {
        Random random = new(4);
        byte[] bytes = new byte[65];
        int recovered = 0;
        int refused = 0;
        for (int i = 0; i < 200; i++)
        {
            random.NextBytes(bytes);
            bytes[64] = (byte)(27 + (i & 1));
            bytes[32] &= 0x7f;
            if (EthereumSignature.TryRead(bytes, out EthereumSignature signature))
            {
                _ = signature.TryRecover(Bytes32.FromUInt128((UInt128)i), out _) ? recovered++ : refused++;
            }
        }

        Assert.True(recovered > 20 && refused > 20, "About half of all x coordinates are on the curve.");
    }

    [Fact]
    public void FromPrivateKey_OutOfRange_Throws()
    {
        Assert.Throws<ArgumentException>("privateKey", () => EthereumAccount.FromPrivateKey(new byte[32]));
        Assert.Throws<ArgumentException>("privateKey", () => EthereumAccount.FromPrivateKey(Secp256k1.Order.ToArray()));
        Assert.Throws<ArgumentException>("privateKey", () => EthereumAccount.FromPrivateKey(new byte[31]));
    }

    [Fact]
    public void CreateRandom_Twice_DiffersAndSigns()
    {
        EthereumAccount first = EthereumAccount.CreateRandom();
        Assert.NotEqual(first.Address, EthereumAccount.CreateRandom().Address);
        Assert.True(first.SignHash(default).IsBy(default, first.Address));
    }

    [Fact]
    public void ContributionSigner_SignsThePersonalMessage()
    {
        EthereumAccount account = EthereumAccount.FromSeed([9]);
        EthereumContributionSigner signer = new(account);
        EthereumContributionVerifier verifier = new();
        byte[] digest = Bytes32.HashOf("record").ToArray();
        byte[] signature = signer.Sign(digest);

        Assert.Equal(account.Address.ToContributorId(), signer.Contributor);
        Assert.True(verifier.Verify(signer.Contributor, digest, signature));
        byte[] prefixed = [.. "\u0019Ethereum Signed Message:\n32"u8, .. digest];
        Assert.True(EthereumSignature.TryRead(signature, out EthereumSignature parsed) && parsed.IsBy(Keccak256.Hash(prefixed), account.Address));

        Assert.False(verifier.Verify(EthereumAccount.FromSeed([10]).Address.ToContributorId(), digest, signature));
        Assert.False(verifier.Verify(default, digest, signature));
        Assert.False(verifier.Verify(signer.Contributor, digest.AsSpan(1), signature));
        Assert.False(verifier.Verify(signer.Contributor, digest, signature.AsSpan(1)));
        digest[0] ^= 1;
        Assert.False(verifier.Verify(signer.Contributor, digest, signature));
        Assert.Throws<ArgumentException>("digest", () => signer.Sign(new byte[31]));
    }

    [Fact]
    public void PersonalMessage_EthersVector_Equal() =>
        // hashMessage("Hello World") of the ethers documentation.
        Assert.Equal("0xa1de988600a42c4b4ab089b619297c17d53cffae5d5120d82d8a92d0bb3b78f2", PersonalMessage.Hash("Hello World"u8).ToString());
}
