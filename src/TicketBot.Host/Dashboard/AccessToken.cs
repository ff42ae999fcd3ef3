using System.Security.Cryptography;
using System.Text;

namespace TicketBot.Host.Dashboard;

/// <summary>The secret that actions need; the page is read-only without it.</summary>
/// <param name="Value">Hex text.</param>
public sealed record AccessToken(string Value)
{
    /// <summary>Whether a request carries the secret as <c>Authorization: Bearer</c>; compared in constant time.</summary>
    public bool Opens(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header[Scheme.Length..]), Encoding.UTF8.GetBytes(Value));
    }

    /// <summary>Returns a text without the secret.</summary>
    public override string ToString() => "token (hidden)";
}
