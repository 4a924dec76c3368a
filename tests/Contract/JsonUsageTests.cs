// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Contract.Catalog;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Contract;

/// <summary>Messages as JSON.</summary>
public class JsonUsageTests
{
    [Fact]
    public void To_string_is_json_that_can_be_written_to_a_file_and_read_back()
    {
        var product = new Product { Sku = "1", PriceInCents = 5, Availability = Product.Types.Availability.SoldOut, Tags = { "t" } };
        var text = product.ToString();
        using var document = JsonDocument.Parse(text);
        Assert.Equal("5", document.RootElement.GetProperty("priceInCents").GetString());
        Assert.Equal("AVAILABILITY_SOLD_OUT", document.RootElement.GetProperty("availability").GetString());
        Assert.Equal(product, JsonParser.Default.Parse<Product>(text));
        Assert.Equal(product, Product.Parser.ParseJson(text));
        Assert.Equal(text, $"{product}");
    }

    [Fact]
    public void The_formatter_has_settings()
    {
        var product = new Product { PriceInCents = 5, Availability = Product.Types.Availability.InStock, Extra = Any.Pack(new Warehouse { Name = "w" }) };
        var registry = TypeRegistry.FromMessages(Warehouse.Descriptor);
        var formatter = new JsonFormatter(new JsonFormatter.Settings(false, registry));
        Assert.Contains("type.googleapis.com/contract.catalog.Warehouse", formatter.Format(product));

        formatter = new JsonFormatter(JsonFormatter.Settings.Default
            .WithFormatDefaultValues(true)
            .WithTypeRegistry(TypeRegistry.FromFiles(CatalogReflection.Descriptor))
            .WithFormatEnumsAsIntegers(true)
            .WithPreserveProtoFieldNames(true)
            .WithIndentation());
        var text = formatter.Format(product);
        using var document = JsonDocument.Parse(text);
        Assert.Equal(1, document.RootElement.GetProperty("availability").GetInt32());
        Assert.Equal("5", document.RootElement.GetProperty("price_in_cents").GetString());
        Assert.Equal("", document.RootElement.GetProperty("sku").GetString());
        Assert.Contains("\n", text);
        var writer = new StringWriter();
        formatter.Format(product, writer);
        Assert.Equal(text, writer.ToString());
        Assert.Equal(JsonFormatter.Default.Format(new Warehouse { Name = "x" }), JsonFormatter.ToDiagnosticString(new Warehouse { Name = "x" }));
    }

    [Fact]
    public void The_parser_has_settings()
    {
        var parser = new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));
        Assert.Equal("a", parser.Parse<Warehouse>("""{ "name": "a", "later": 1 }""").Name);
        Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Parse<Warehouse>("""{ "later": 1 }"""));
        Assert.Throws<InvalidJsonException>(() => JsonParser.Default.Parse<Warehouse>("{"));

        parser = new JsonParser(new JsonParser.Settings(20, TypeRegistry.FromMessages(Warehouse.Descriptor)));
        var product = parser.Parse<Product>("""{ "extra": { "@type": "type.googleapis.com/contract.catalog.Warehouse", "name": "w" } }""");
        Assert.Equal("w", product.Extra.Unpack<Warehouse>().Name);
        Assert.Equal(new Warehouse { Name = "x" }, parser.Parse("""{"name":"x"}""", Warehouse.Descriptor));
        Assert.Equal("y", parser.Parse<Warehouse>(new StringReader("""{"name":"y"}""")).Name);
    }
}
