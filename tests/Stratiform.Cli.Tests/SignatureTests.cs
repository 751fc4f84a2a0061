using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Tests;

public sealed class SignatureTests
{
    /// <summary>The worked example of CloudStack's developer guide.</summary>
    [Fact]
    public void The_example_of_the_developer_guide_signs_as_it_is_printed_there() =>
        Signature.Of(
            [
                new("command", "listUsers"),
                new("response", "json"),
                new("apiKey", "plgWJfZK4gyS3mOMTVmjUVg-X-jlWlnfaUJ9GAbBbf9EdM-kAYMmAiLqzzq1ElZLYq_u38zCm0bewzGUdP66mg"),
            ],
            "VDaACYb0LV9eNjTetIOElcVQkvJck_J_QljX_FcHRj87ZKiy0z0ty0ZsYBkoXkY9b7eq1EhwJaw7FF3akA3KBQ")
            .ShouldBe("TTpdDq/7j/J58XCRHomKoQXEQds=");

    /// <summary>Computed by another client's algorithm (Python, urllib and hmac).</summary>
    [Fact]
    public void Brackets_stay_in_names_and_values_are_encoded_as_the_server_encodes_them() =>
        Signature.Of(
            [
                new("tags[0].value", "Zürich ~/+&="),
                new("tags[0].key", "a b*c"),
                new("signatureversion", "3"),
                new("response", "json"),
                new("expires", "2026-11-20T19:00:00+0000"),
                new("command", "createTags"),
                new("apikey", "K"),
            ],
            "s3cret")
            .ShouldBe("wBEj2ZAsslOiQRjzFDlaUJE8cV4=");
}
