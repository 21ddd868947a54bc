using CsCheck;
using OpenLedger.Datanets.Access;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Access;

public sealed class GrantVerifierTests
{
    private static readonly ContributorId Ann = JournalBench.Person("ann");
    private static readonly DateTimeOffset Start = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Sha256Digest Version = Sha256Digest.Of("version"u8);
    private static readonly AccessTerms Terms = new()
    {
        Scope = new() { Splits = ["train", "validation"], Fields = ["/text"], Contributors = [JournalBench.Person("giver")], Licences = ["MIT"], Tags = ["sea"] },
        Quota = new(AccessQuotaUnit.Epochs, 12),
        Validity = TimeSpan.FromDays(10),
        Version = Version,
    };

    private static readonly AccessUse Use = new() { Grantee = Ann, Purpose = AccessPurpose.Training, Version = Version, Splits = ["train"] };
    private static readonly GrantVerifier Verifier = new(KeyedSigner.Verifier, JournalBench.Id, JournalBench.Owner);

    [Fact]
    public void Document_Grant_IsTheSpecifiedText()
    {
        AccessGrant grant = Issue(Terms).Grant;
        string giver = JournalBench.Person("giver").ToString();
        Assert.Equal(
            $$"""{"datanet":"facts","format":"openledger-grant/1","grantee":"{{Ann}}","id":7,"issuer":"{{JournalBench.Owner}}","notAfter":"2030-02-10T12:00:00.000Z" """.TrimEnd() +
            $$""","notBefore":"2030-01-31T12:00:00.000Z","purpose":"training","quota":{"amount":12,"unit":"epochs"},"scope":{"contributors":["{{giver}}"],"fields":["/text"]""" +
            $$""","licences":["MIT"],"splits":["train","validation"],"tags":["sea"]},"version":"{{Version}}"}""",
            System.Text.Encoding.UTF8.GetString(grant.Document.Span));
        AccessGrant parsed = AccessGrant.Parse(grant.Document.Span);
        Assert.Equal((grant.Digest, grant.Quota, grant.NotAfter, grant.Version), (parsed.Digest, parsed.Quota, parsed.NotAfter, parsed.Version));
    }

    [Fact]
    public void Check_CoveredUse_ReturnsTheGrant()
    {
        string token = Issue(Terms).Text;
        Assert.Equal(7, Verifier.Check(token, Use, Start).Id);
        Assert.Equal(7, Verifier.Check(token, Use, Start + Terms.Validity - TimeSpan.FromMilliseconds(1)).Id);
    }

    [Fact]
    public void Check_UncoveredUse_SaysWhyPrecisely()
    {
        string token = Issue(Terms).Text;
        Denied(AccessDenial.WrongGrantee, token, Use with { Grantee = JournalBench.Person("ben") }, Start);
        Denied(AccessDenial.WrongPurpose, token, Use with { Purpose = AccessPurpose.Retrieval }, Start);
        Denied(AccessDenial.NotYetValid, token, Use, Start - TimeSpan.FromMilliseconds(1));
        Denied(AccessDenial.Expired, token, Use, Start + Terms.Validity);
        Denied(AccessDenial.WrongVersion, token, Use with { Version = Sha256Digest.Of("other"u8) }, Start);
        Denied(AccessDenial.WrongVersion, token, Use with { Version = null }, Start);
        Denied(AccessDenial.OutOfScope, token, Use with { Splits = ["train", "test"] }, Start);
        Denied(AccessDenial.WrongIssuer, Issue(Terms, new KeyedSigner("mallory")).Text, Use, Start);
        Denied(AccessDenial.Malformed, "", Use, Start);
        Denied(AccessDenial.Malformed, new string('x', AccessToken.MaxLength + 1), Use, Start);
        AccessGrant grant = new(7, "other", JournalBench.Owner, Ann, AccessPurpose.Training, Terms, Start);
        Denied(AccessDenial.WrongDatanet, AccessToken.Sign(grant, JournalBench.OwnerKey).Text, Use, Start);

        // Signed by somebody else in the owner's name.
        AccessGrant inOwnersName = new(7, JournalBench.Id, JournalBench.Owner, Ann, AccessPurpose.Training, Terms, Start);
        Denied(AccessDenial.BadSignature, AccessToken.Sign(inOwnersName, new KeyedSigner("mallory")).Text, Use, Start);
    }

    [Fact]
    public void Check_ClockSkew_WidensTheValidityAtBothEnds()
    {
        GrantVerifier lenient = new(KeyedSigner.Verifier, JournalBench.Id, JournalBench.Owner, TimeSpan.FromMinutes(5));
        string token = Issue(Terms).Text;
        lenient.Check(token, Use, Start - TimeSpan.FromMinutes(5));
        lenient.Check(token, Use, Start + Terms.Validity + TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        Assert.False(lenient.Evaluate(token, Use, Start - TimeSpan.FromMinutes(6)).IsAllowed);
        Assert.False(lenient.Evaluate(token, Use, Start + Terms.Validity + TimeSpan.FromMinutes(5)).IsAllowed);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GrantVerifier(KeyedSigner.Verifier, "facts", JournalBench.Owner, TimeSpan.FromHours(2)));
        Assert.Throws<ArgumentException>("owner", () => new GrantVerifier(KeyedSigner.Verifier, "facts", default));
    }

    [Fact]
    public void Check_AnyCharacterChanged_IsRefused()
    {
        string token = Issue(Terms).Text;
        for (int i = 0; i < token.Length; i++)
        {
            foreach (int mask in new[] { 1, 2, 4, 8, 16, 32, 64, 128 })
            {
                string changed = token[..i] + (char)(token[i] ^ mask) + token[(i + 1)..];
                AccessVerdict verdict = Verifier.Evaluate(changed, Use, Start);
                Assert.False(verdict.IsAllowed, $"character {i}, mask {mask}");
            }

            Assert.False(Verifier.Evaluate(token[..i], Use, Start).IsAllowed);
            Assert.False(Verifier.Evaluate(token.Remove(i, 1), Use, Start).IsAllowed);
            Assert.False(Verifier.Evaluate(token.Insert(i, "A"), Use, Start).IsAllowed);
        }

        Assert.False(Verifier.Evaluate(token + "=", Use, Start).IsAllowed);
        Assert.False(Verifier.Evaluate(token + "\n", Use, Start).IsAllowed);
    }

    [Fact]
    public void Check_AnyByteOfTheGrantChangedAndSignedAgainByAnother_IsRefused()
    {
        AccessToken token = Issue(Terms);
        byte[] document = token.Grant.Document.ToArray();
        for (int i = 0; i < document.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. document];
                changed[i] ^= (byte)(1 << bit);
                string text = $"olg1.{System.Buffers.Text.Base64Url.EncodeToString(changed)}.{System.Buffers.Text.Base64Url.EncodeToString(token.Signature.Span)}";
                AccessVerdict verdict = Verifier.Evaluate(text, Use, Start);
                Assert.True(verdict.Denial is AccessDenial.Malformed or AccessDenial.BadSignature or AccessDenial.WrongDatanet or AccessDenial.WrongIssuer, $"byte {i}");
            }
        }
    }

    [Fact]
    public void Parse_RandomDamage_IsMalformedOrATokenOfItsOwnText()
    {
        AccessToken token = Issue(Terms);
        byte[] document = token.Grant.Document.ToArray();
        Gen.Select(Gen.Int[0, document.Length - 1], Gen.Byte, Gen.Int[0, document.Length]).Array[1, 4].Sample(edits =>
        {
            byte[] damaged = [.. document];
            foreach ((int at, byte value, int length) in edits)
            {
                damaged[at % damaged.Length] = value;
                damaged = length > 8 && length % 3 == 0 ? damaged[..Math.Min(length, damaged.Length)] : damaged;
            }

            string text = $"olg1.{System.Buffers.Text.Base64Url.EncodeToString(damaged)}.AAAA";
            try
            {
                Assert.Equal(text, AccessToken.Parse(text).Text);
            }
            catch (DatanetException exception)
            {
                Assert.Equal((DatanetError.AccessDenied, AccessDenial.Malformed), (exception.Error, exception.Denial!.Value));
            }
        });
        Gen.String[0, 200].Sample(text =>
        {
            DatanetException exception = Assert.Throws<DatanetException>(() => AccessToken.Parse("olg1." + text));
            Assert.Equal(AccessDenial.Malformed, exception.Denial);
        });
    }

    [Fact]
    public void ToString_Token_DoesNotShowIt() => Assert.DoesNotContain("olg1", Issue(Terms).ToString(), StringComparison.Ordinal);

    private static AccessToken Issue(AccessTerms terms, KeyedSigner? signer = null)
    {
        signer ??= JournalBench.OwnerKey;
        return AccessToken.Sign(new AccessGrant(7, JournalBench.Id, signer.Contributor, Ann, AccessPurpose.Training, terms, Start), signer);
    }

    private static void Denied(AccessDenial denial, string token, AccessUse use, DateTimeOffset now)
    {
        DatanetException exception = JournalBench.Throws(DatanetError.AccessDenied, () => Verifier.Check(token, use, now));
        Assert.Equal(denial, exception.Denial);
        Assert.NotEmpty(exception.Message);
    }
}
