using System.Text;
using TicketBot.Bybit.Rest;

namespace TicketBot.Bybit.Tests;

// Expected values were computed with `openssl dgst -sha256 -hmac`.
public sealed class SignerTests
{
    private readonly Signer _signer = new(new BybitCredentials("XXXXXXXXXX", "SECRETSECRET"));

    [Fact]
    public void Signs_a_query() => Assert.Equal(
        "23e9d1bad7eb25d0b866520575ad284f1dcffbedb715a5f72b2d7e562e7e9e0d",
        _signer.Sign(1658384314791, 5000, "category=option&symbol=BTC-29JUL22-25000-C"u8));

    [Fact]
    public void Signs_a_body() => Assert.Equal(
        "1577909c00c51f912771b618c289dbfca72723aedd919f4c4aabe00bb9e3d357",
        _signer.Sign(1658384314791, 5000, """{"category":"linear","qty":"0.1"}"""u8));

    [Fact]
    public void Signs_the_private_stream() => Assert.Equal(
        "821fe3f411dcfbe51082112a624e8360af5625088c796135efeaf947d904f605", _signer.SignStream(1662350400000));

    [Fact]
    public void Hides_key_and_secret_in_texts()
    {
        var text = new BybitCredentials("my-key", "my-secret").ToString();
        Assert.DoesNotContain("my-", text, StringComparison.Ordinal);
        Assert.Equal("my-secret", Encoding.UTF8.GetString(new BybitCredentials("my-key", "my-secret").Secret));
    }
}
