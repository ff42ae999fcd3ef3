using Microsoft.Extensions.Options;

namespace TicketBot.Host.Configuration;

/// <summary>One room's section of the configuration: its name, its options type and its validator.</summary>
public abstract class Section
{
    private protected Section(string name, Type optionsType)
    {
        Name = name;
        OptionsType = optionsType;
    }

    /// <summary>Section name: the room's name.</summary>
    public string Name { get; }

    /// <summary>The room's options class.</summary>
    public Type OptionsType { get; }

    /// <summary>Returns new options with nothing configured.</summary>
    public abstract object Defaults();

    /// <summary>Returns options bound from <paramref name="configuration"/>.</summary>
    /// <exception cref="InvalidOperationException">A key is unknown or a value cannot be read.</exception>
    public abstract object Bind(IConfiguration configuration);

    /// <summary>Returns every fault that the validator finds in bound options.</summary>
    public abstract IEnumerable<string> Faults(object options);

    /// <summary>Registers the options, bound strictly and validated at start.</summary>
    public abstract void Register(IServiceCollection services, IConfiguration configuration);
}

/// <inheritdoc/>
/// <typeparam name="TOptions">The room's options class.</typeparam>
/// <typeparam name="TValidator">Its generated validator.</typeparam>
/// <param name="name">Section name.</param>
/// <param name="rules">Rules across its fields.</param>
public sealed class Section<TOptions, TValidator>(string name, params IValidateOptions<TOptions>[] rules) : Section(name, typeof(TOptions))
    where TOptions : class, new()
    where TValidator : class, IValidateOptions<TOptions>, new()
{
    /// <inheritdoc/>
    public override object Defaults() => new TOptions();

    /// <inheritdoc/>
    public override object Bind(IConfiguration configuration) =>
        configuration.GetSection(Name).Get<TOptions>(o => o.ErrorOnUnknownConfiguration = true) ?? new TOptions();

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(object options) =>
        rules.Prepend(new TValidator()).SelectMany(r => r.Validate(null, (TOptions)options).Failures ?? []);

    /// <inheritdoc/>
    public override void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<TOptions, TValidator>()
            .Bind(configuration.GetSection(Name), o => o.ErrorOnUnknownConfiguration = true);
        foreach (var rule in rules)
        {
            services.AddSingleton(rule);
        }
    }
}
