using FsCheck;
using FsCheck.Fluent;
using Stratiform.Management.Api;

namespace Stratiform.Management.Tests.Api;

/// <summary>The constants were computed apart from our code, by another language's HMAC over texts built as each client builds them.</summary>
public sealed class SignatureTests
{
    private const string Secret = "S3cr3t-key";

    private static readonly Dictionary<string, string> _disputed = new()
    {
        ["command"] = "deployVirtualMachine",
        ["name"] = "a b~c*d+é/ü",
        ["zoneId"] = "1",
        ["apikey"] = "k",
        ["details[0].cpuNumber"] = "2",
        ["keyword"] = "[x]",
    };

    [Fact]
    public void Accepts_a_usual_set_with_expiry() => Signature.Verifies(
        new Dictionary<string, string>
        {
            ["command"] = "listUsers",
            ["apiKey"] = "Key-1_a.b",
            ["response"] = "json",
            ["signatureVersion"] = "3",
            ["expires"] = "2030-01-01T00:10:00+0000",
        },
        Secret, "z17is9te/LBLcWK830kiQ7g8FiE=").ShouldBeTrue();

    [Theory]
    [InlineData("t7hujnZKINPYYbMiBXqcjyequtQ=")] // ~ [] and * all escaped
    [InlineData("IYvYY9I2HDRpc//Jq6WRyb2Qri0=")] // * left: Java, Marvin
    [InlineData("2ayQCvVRClVy6r/0UFk/5CkxpZY=")] // [] left
    [InlineData("/lNmi8+GZIxX2kA5OGavYa1s2gY=")] // [] and * left
    [InlineData("13amXyzK37/wPITT0pPrK1Qqma0=")] // ~ left: Go
    [InlineData("8sCDlmpocWmlfE6zUVWu6UZekN8=")] // ~ and * left: cs, cmk
    [InlineData("9XgZMkv3idePHSoQAa0JjXne7fw=")] // ~ and [] left
    [InlineData("ljwACDROSDLUwmja2jf8qr+knFo=")] // all left: libcloud
    public void Accepts_what_each_client_escapes_or_leaves(string signature) =>
        Signature.Verifies(_disputed, Secret, signature).ShouldBeTrue();

    [Theory]
    [InlineData("jnN+9L8iFLEtJPG4I/gXW/vtNM4=")]
    [InlineData("ZRab/ZoyUOj0rMCPDFGlOY59QMA=")]
    public void Accepts_names_sorted_as_they_are_or_lowered_first(string signature) =>
        Signature.Verifies(new Dictionary<string, string> { ["Zulu"] = "1", ["alpha"] = "2" }, Secret, signature).ShouldBeTrue();

    [Fact]
    public void Leaves_the_signature_itself_out_in_any_case() => Signature.Verifies(
        new Dictionary<string, string> { ["Zulu"] = "1", ["alpha"] = "2", ["SIGNATURE"] = "x" }, Secret, "jnN+9L8iFLEtJPG4I/gXW/vtNM4=").ShouldBeTrue();

    [Fact]
    public void Accepts_a_plus_that_arrived_as_a_blank() =>
        Signature.Verifies(_disputed, Secret, "ljwACDROSDLUwmja2jf8qr knFo=").ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("no base64!")]
    [InlineData("ljwACDROSDLUwmja2jf8qr+knFo=ljwACDROSDLUwmja2jf8qr+knFo=ljwACDROSDLUwmja2jf8qr+knFo=ljwACDROSDLUwmja2jf8qr+knFo=")]
    public void Refuses_what_is_no_signature(string signature) => Signature.Verifies(_disputed, Secret, signature).ShouldBeFalse();

    [Fact]
    public void Whatever_is_signed_verifies() => Prop.ForAll(
        Parameters(), set => Signature.Verifies(set, Secret, Signature.Of(set, Secret))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_flipped_bit_anywhere_in_the_signature_fails() => Prop.ForAll(Parameters(), ArbMap.Default.ArbFor<byte>(), (set, at) =>
    {
        var bytes = Convert.FromBase64String(Signature.Of(set, Secret));
        bytes[at % bytes.Length] ^= (byte)(1 << (at / bytes.Length % 8));
        return !Signature.Verifies(set, Secret, Convert.ToBase64String(bytes));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_changed_value_fails() => Prop.ForAll(Parameters(), set =>
    {
        var signature = Signature.Of(set, Secret);
        var changed = new Dictionary<string, string>(set);
        changed[set.Keys.First()] += "1";
        return !Signature.Verifies(changed, Secret, signature);
    }).QuickCheckThrowOnFailure();

    private static Arbitrary<Dictionary<string, string>> Parameters()
    {
        var name = Gen.Elements("command", "apiKey", "name", "zoneId", "Zone", "details[0].cpuNumber", "tags[1].value", "keyword", "ids");
        var pair = Gen.Zip(name, ArbMap.Default.GeneratorFor<NonNull<string>>());
        return Gen.NonEmptyListOf(pair)
            .Select(pairs => pairs.GroupBy(p => p.Item1).ToDictionary(g => g.Key, g => Whole(g.First().Item2.Get)))
            .ToArbitrary();
    }

    /// <summary>As it arrives: half a surrogate pair is no text in UTF-8.</summary>
    private static string Whole(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
