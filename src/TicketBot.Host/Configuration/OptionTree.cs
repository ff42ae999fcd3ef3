using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace TicketBot.Host.Configuration;

/// <summary>One option that can be configured: a leaf of an options class.</summary>
/// <param name="Key">Full key, parts separated by ':'.</param>
/// <param name="ValueType">Type of the value, or of one element of a list.</param>
/// <param name="IsList">Whether it is a list of values.</param>
/// <param name="IsMap">Whether it is a map of values by names of the operator's choice.</param>
/// <param name="Read">Returns the value from the section's options object.</param>
public sealed record OptionLeaf(string Key, Type ValueType, bool IsList, bool IsMap, Func<object, object?> Read)
{
    /// <summary>Whether <paramref name="key"/> is this option, or an element of it.</summary>
    public bool Holds(string key)
    {
        if (key.Equals(Key, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var cut = key.LastIndexOf(':');
        return cut > 0 && key.AsSpan(0, cut).Equals(Key, StringComparison.OrdinalIgnoreCase)
            && (IsMap || (IsList && int.TryParse(key.AsSpan(cut + 1), out _)));
    }

    /// <summary>Returns the value of this option as text; <c>(none)</c> for null or an empty list.</summary>
    public string Text(object options) => Format(Read(options));

    /// <summary>Returns why <paramref name="text"/> cannot be a value of this option, or <c>null</c> when it can.</summary>
    public string? ConversionFault(string? text)
    {
        var type = Nullable.GetUnderlyingType(ValueType) ?? ValueType;
        if (type == typeof(string) || string.IsNullOrEmpty(text))
        {
            return type == typeof(string) || Nullable.GetUnderlyingType(ValueType) is not null || IsList || IsMap
                ? null
                : $"{Key} must be {Wanted(type)}, was empty";
        }

        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return null;
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return $"{Key} must be {Wanted(type)}, was '{text}'";
        }
    }

    private static string Wanted(Type type) => type switch
    {
        { IsEnum: true } => $"one of {string.Join(' ', Enum.GetNames(type))}",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(TimeSpan) => "a time span such as 00:10:00",
        _ when type == typeof(decimal) || type == typeof(double) || type == typeof(float) => "a number",
        _ => "a whole number",
    };

    private static string Format(object? value) => value switch
    {
        null => "(none)",
        string text => text.Length == 0 ? "(none)" : text,
        IDictionary map => map.Count == 0 ? "(none)" : $"{map.Count} entries",
        IEnumerable list => list.Cast<object>().Any() ? string.Join(", ", list.Cast<object>().Select(Format)) : "(none)",
        bool flag => flag ? "true" : "false",
        decimal amount => PlainText.Of(amount),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "(none)",
    };
}

/// <summary>Lists the options that an options class offers.</summary>
public static class OptionTree
{
    /// <summary>Returns the leaves of a section's options class in declaration order.</summary>
    public static IReadOnlyList<OptionLeaf> Of(Section section) => [.. Walk(section.Name, section.OptionsType, o => o)];

    private static IEnumerable<OptionLeaf> Walk(string path, Type type, Func<object, object?> read)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            var key = $"{path}:{property.Name}";
            object? Get(object options) => read(options) is { } owner ? property.GetValue(owner) : null;
            if (IsSimple(property.PropertyType))
            {
                yield return new OptionLeaf(key, property.PropertyType, false, false, Get);
            }
            else if (property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IDictionary<,>))
            {
                yield return new OptionLeaf(key, property.PropertyType.GetGenericArguments()[1], false, true, Get);
            }
            else if (ElementOf(property.PropertyType) is { } element)
            {
                yield return new OptionLeaf(key, element, true, false, Get);
            }
            else
            {
                foreach (var leaf in Walk(key, property.PropertyType, Get))
                {
                    yield return leaf;
                }
            }
        }
    }

    private static bool IsSimple(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(TimeSpan);
    }

    private static Type? ElementOf(Type type) => type.IsArray
        ? type.GetElementType()
        : type.GetInterfaces().Append(type)
            .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .Select(i => i.GetGenericArguments()[0]).FirstOrDefault();
}
