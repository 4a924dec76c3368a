// SPDX-License-Identifier: Apache-2.0
using Contract.Catalog;
using Contract.Legacy;
using Peregrine.Protobuf;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Contract;

/// <summary>Well-known types and proto2 extensions.</summary>
public class WellKnownTypeUsageTests
{
    [Fact]
    public void Times_convert_both_ways()
    {
        var now = DateTime.UtcNow;
        Timestamp timestamp = now.ToTimestamp();
        Assert.Equal(now, timestamp.ToDateTime());
        Assert.Equal(timestamp, Timestamp.FromDateTime(now));
        Assert.Equal(now, timestamp.ToDateTimeOffset().UtcDateTime);
        Assert.Equal(timestamp, Timestamp.FromDateTimeOffset(new DateTimeOffset(now)));
        Duration duration = TimeSpan.FromMinutes(1.5).ToDuration();
        Assert.Equal(TimeSpan.FromMinutes(1.5), duration.ToTimeSpan());
        Assert.Equal(duration, Duration.FromTimeSpan(TimeSpan.FromSeconds(90)));
        Assert.Equal(now.AddMinutes(1.5), (timestamp + duration).ToDateTime());
        Assert.Equal(duration, (timestamp + duration) - timestamp);
        Assert.Throws<ArgumentException>(() => Timestamp.FromDateTime(DateTime.Now));
    }

    [Fact]
    public void Any_is_packed_asked_and_unpacked()
    {
        Any any = Any.Pack(new Warehouse { Name = "w" });
        Assert.True(any.Is(Warehouse.Descriptor));
        Assert.Equal("w", any.Unpack<Warehouse>().Name);
        Assert.True(any.TryUnpack<Warehouse>(out var warehouse));
        Assert.Equal("w", warehouse.Name);
        Assert.False(any.TryUnpack<Product>(out _));
        Assert.Equal("contract.catalog.Warehouse", Any.GetTypeName(any.TypeUrl));
        Assert.Throws<InvalidProtocolBufferException>(() => any.Unpack<Product>());
    }

    [Fact]
    public void Structs_hold_values_of_any_kind()
    {
        var attributes = new Struct
        {
            Fields =
            {
                ["text"] = Value.ForString("x"),
                ["number"] = Value.ForNumber(1.5),
                ["flag"] = Value.ForBool(true),
                ["nothing"] = Value.ForNull(),
                ["list"] = Value.ForList(Value.ForNumber(1), Value.ForString("2")),
                ["struct"] = Value.ForStruct(new Struct())
            }
        };
        Assert.Equal(Value.KindOneofCase.ListValue, attributes.Fields["list"].KindCase);
        Assert.Equal(1.5, attributes.Fields["number"].NumberValue);
        Assert.Equal(attributes, Struct.Parser.ParseJson(attributes.ToString()));
        Assert.Equal(new Empty(), Empty.Parser.ParseFrom(Array.Empty<byte>()));
    }

    [Fact]
    public void A_field_mask_merges_what_it_names()
    {
        FieldMask mask = FieldMask.FromString("sku,warehouse.name");
        Assert.True(FieldMask.IsValid<Product>(mask));
        Assert.Equal(mask, new FieldMask { Paths = { "sku", "warehouse.name" } });
        Assert.Equal(new[] { "sku" }, FieldMask.FromFieldNumbers<Product>(Product.SkuFieldNumber).Paths);
        var target = new Product { Weight = 1 };
        mask.Merge(new Product { Sku = "s", Weight = 2, Warehouse = new Warehouse { Name = "w" } }, target);
        Assert.Equal(new Product { Sku = "s", Weight = 1, Warehouse = new Warehouse { Name = "w" } }, target);
        Assert.Equal(3, mask.Union(FieldMask.FromString("weight")).Paths.Count);
        Assert.Single(mask.Intersection(FieldMask.FromString("sku")).Paths);
    }

    [Fact]
    public void Extensions_are_set_read_and_parsed_with_a_registry()
    {
        var order = new Order { Id = 1 };
        Assert.Equal("walk-in", order.Customer);
        Assert.False(order.HasCustomer);
        Extension<Order, int> priority = LegacyExtensions.Priority;
        order.SetExtension(priority, 3);
        order.SetExtension(LegacyExtensions.Discount, new Discount { Percent = 10 });
        order.GetOrInitializeExtension(LegacyExtensions.Labels).Add("urgent");
        Assert.Equal(3, order.GetExtension(priority));
        Assert.True(order.HasExtension(LegacyExtensions.Discount));

        var registry = new ExtensionRegistry { LegacyExtensions.Priority, LegacyExtensions.Discount, LegacyExtensions.Labels };
        var parsed = Order.Parser.WithExtensionRegistry(registry).ParseFrom(order.ToByteArray());
        Assert.Equal(order, parsed);
        Assert.Equal(10, parsed.GetExtension(LegacyExtensions.Discount).Percent);
        Assert.Equal("urgent", parsed.GetExtension(LegacyExtensions.Labels).Single());
        parsed.ClearExtension(LegacyExtensions.Discount);
        Assert.False(parsed.HasExtension(LegacyExtensions.Discount));
        Assert.False(Order.Parser.ParseFrom(order.ToByteArray()).HasExtension(priority));
        Assert.True(order.IsInitialized());
        Assert.False(new Order().IsInitialized());
    }
}
