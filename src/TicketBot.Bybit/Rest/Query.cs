using System.Globalization;
using System.Text;

namespace TicketBot.Bybit.Rest;

/// <summary>A query string, built once and both signed and sent as it stands.</summary>
internal sealed class Query
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a parameter with its value percent-encoded.</summary>
    public Query With(string name, string value)
    {
        if (_text.Length > 0)
        {
            _text.Append('&');
        }

        _text.Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    /// <summary>Adds a whole number.</summary>
    public Query With(string name, long value) => With(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds a page cursor unless it is empty.</summary>
    public Query WithCursor(string? cursor) => string.IsNullOrEmpty(cursor) ? this : With("cursor", cursor);

    /// <summary>Returns the query without a question mark.</summary>
    public override string ToString() => _text.ToString();
}
