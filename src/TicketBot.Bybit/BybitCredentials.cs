using System.Security.Cryptography;
using System.Text;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit;

/// <summary>An API key and its secret. Neither ever appears in texts or logs.</summary>
public sealed class BybitCredentials
{
    /// <summary>Makes credentials.</summary>
    /// <exception cref="ArgumentException">Key or secret is empty.</exception>
    public BybitCredentials(string key, string secret)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(secret);
        Key = key;
        Secret = Encoding.UTF8.GetBytes(secret);
    }

    /// <summary>SHA-256 of the key, the first 16 hex digits: tells accounts apart without telling the key.</summary>
    public string KeyHash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)).AsSpan(0, 8));

    internal string Key { get; }

    internal byte[] Secret { get; }

    /// <summary>Returns the credentials that the environment variables or files named in the options hold.</summary>
    /// <param name="options">The names.</param>
    /// <param name="variable">Returns the value of an environment variable, or <c>null</c>.</param>
    /// <exception cref="ExchangeException">One of them is nowhere to be found.</exception>
    public static BybitCredentials Read(BybitOptions options, Func<string, string?> variable) => new(
        ReadOne("API key", options.ApiKeyVariable, options.ApiKeyFile, nameof(options.ApiKeyFile), variable),
        ReadOne("API secret", options.ApiSecretVariable, options.ApiSecretFile, nameof(options.ApiSecretFile), variable));

    /// <summary>Returns a text without the secret.</summary>
    public override string ToString() => "credentials (hidden)";

    private static string ReadOne(string what, string name, string? file, string fileOption, Func<string, string?> variable)
    {
        if (variable(name) is { } value && !string.IsNullOrWhiteSpace(value))
        {
            return value.Trim();
        }

        if (file is null)
        {
            throw new ExchangeException($"the {what} is missing: set the environment variable {name}, or name a file in {BybitOptions.Section}:{fileOption}");
        }

        try
        {
            var text = File.ReadAllText(file).Trim();
            return text.Length > 0 ? text : throw new ExchangeException($"the {what} file '{file}' is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ExchangeException($"the {what} file '{file}' could not be read: {e.Message}", e);
        }
    }
}
