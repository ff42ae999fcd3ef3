using TicketBot.Domain;
using TicketBot.Market.Features;

namespace TicketBot.Market.Tests.Features;

public sealed class FeatureSchemaTests
{
    [Fact]
    public void The_hash_tells_schemas_apart_and_equal_ones_not()
    {
        FeatureSchema[] schemas =
        [
            FeatureSchema.Default(), FeatureSchema.Default(MarketData.Btc), FeatureSchema.Default(MarketData.Eth),
            FeatureSchema.Default(observations: true), FeatureSchema.Default(MarketData.Btc, observations: true),
        ];
        Assert.Equal(schemas.Length, schemas.Select(s => s.Hash).Distinct().Count());
        Assert.Equal(FeatureSchema.Default(MarketData.Btc), schemas[1]);
        Assert.NotEqual(schemas[1], schemas[2]);
        Assert.All(schemas, s => Assert.Equal(64, s.Hash.Length));
    }

    [Fact]
    public void Names_are_distinct_and_grow_with_what_the_schema_needs()
    {
        var full = FeatureSchema.Default(MarketData.Btc, observations: true);
        Assert.Equal(full.Names.Count, full.Names.Distinct().Count());
        Assert.Equal(44, FeatureSchema.Default().Names.Count);
        Assert.Equal(56, full.Names.Count);
    }

    [Fact]
    public void The_hash_of_version_two_is_fixed() =>
        Assert.Equal("aebe9b2552e634d68044ff2071084146d3efc6caaec71edc4b883aa54de6f76b", FeatureSchema.Default().Hash);

    [Fact]
    public void Refuses_a_default_symbol_as_reference() =>
        Assert.Throws<ArgumentException>(() => FeatureSchema.Default(default(Symbol)));
}
