// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Contract.Catalog;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Contract;

/// <summary>Generated messages as users make, read, copy and parse them.</summary>
public class MessageUsageTests
{
    private static Product CreateProduct()
    {
        return new Product
        {
            Sku = "book-1",
            Subtitle = "",
            PriceInCents = 1999,
            Weight = 0.5,
            Picture = ByteString.CopyFrom(1, 2, 3),
            Tags = { "new", "paper" },
            Reviews = { new Product.Types.Review { Author = "a", Stars = 5 }, new Product.Types.Review { Author = "b" } },
            Stock = { { "north", 1 }, { "south", 2 } },
            BestReviews = { ["best"] = new Product.Types.Review { Author = "c" } },
            Availability = Product.Types.Availability.InStock,
            Created = Timestamp.FromDateTime(new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc)),
            Delivery = Duration.FromTimeSpan(TimeSpan.FromHours(36)),
            Extra = Any.Pack(new Warehouse { Name = "w" }),
            Rating = 4,
            Note = "fragile",
            Warehouse = new Warehouse { Name = "main" }
        };
    }

    [Fact]
    public void A_message_is_made_by_initializers_and_read_by_properties()
    {
        var product = CreateProduct();
        Assert.True(product.HasSubtitle);
        product.ClearSubtitle();
        Assert.False(product.HasSubtitle);
        Assert.Equal(4, product.Rating);
        product.Rating = null;
        Assert.Null(product.Rating);
        Assert.Equal(Product.OriginOneofCase.Warehouse, product.OriginCase);
        switch (product.OriginCase)
        {
            case Product.OriginOneofCase.Warehouse:
                Assert.Equal("main", product.Warehouse.Name);
                break;
            case Product.OriginOneofCase.Country:
            case Product.OriginOneofCase.PartnerId:
            case Product.OriginOneofCase.None:
            default:
                Assert.Fail("another case");
                break;
        }

        product.PartnerId = 7;
        Assert.Null(product.Warehouse);
        product.ClearOrigin();
        Assert.Equal(Product.OriginOneofCase.None, product.OriginCase);
        Assert.Equal("", product.Country);
        Assert.Equal(1, Product.SkuFieldNumber);
        Assert.Throws<ArgumentNullException>(() => product.Sku = null!);
    }

    [Fact]
    public void Messages_are_compared_copied_and_merged()
    {
        var product = CreateProduct();
        Product clone = product.Clone();
        Assert.Equal(product, clone);
        Assert.Equal(product.GetHashCode(), clone.GetHashCode());
        Assert.NotSame(product.Reviews[0], clone.Reviews[0]);
        clone.MergeFrom(new Product { Sku = "book-2", Tags = { "used" } });
        Assert.Equal("book-2", clone.Sku);
        Assert.Equal(new[] { "new", "paper", "used" }, clone.Tags);
        Assert.NotEqual(product, clone);
        Assert.Equal(product, new Product(product));
        IDeepCloneable<Product> cloneable = product;
        IMessage<Product> typed = product;
        IMessage untyped = typed;
        Assert.Equal("contract.catalog.Product", untyped.Descriptor.FullName);
        Assert.Equal(product, cloneable.Clone());
    }

    [Fact]
    public void Repeated_fields_are_lists()
    {
        RepeatedField<string> tags = new Product().Tags;
        tags.Add("a");
        tags.Add(new[] { "b", "c" });
        tags.AddRange(new List<string> { "d" });
        Assert.Equal(4, tags.Count);
        Assert.Equal("a", tags[0]);
        tags[0] = "z";
        tags.Insert(1, "y");
        Assert.True(tags.Remove("b"));
        tags.RemoveAt(0);
        Assert.Equal(1, tags.IndexOf("c"));
        Assert.Contains("d", tags);
        Assert.Equal("y", tags.First());
        IList<string> list = tags;
        list.Clear();
        Assert.Empty(tags);
    }

    [Fact]
    public void Maps_are_dictionaries()
    {
        MapField<string, int> stock = new Product().Stock;
        stock.Add("a", 1);
        stock["b"] = 2;
        stock.Add(new Dictionary<string, int> { { "c", 3 } });
        Assert.True(stock.ContainsKey("a"));
        Assert.True(stock.TryGetValue("b", out var value));
        Assert.Equal(2, value);
        Assert.Equal(3, stock.Count);
        foreach (var pair in stock)
        {
            Assert.True(pair.Value > 0);
        }

        Assert.Equal(new[] { "a", "b", "c" }, stock.Keys.OrderBy(k => k));
        Assert.Equal(6, stock.Values.Sum());
        Assert.True(stock.Remove("a"));
        IDictionary<string, int> dictionary = stock;
        dictionary.Clear();
        Assert.Empty(stock);
    }

    [Fact]
    public void Every_overload_of_the_parser_reads_the_same_message()
    {
        var product = CreateProduct();
        byte[] bytes = product.ToByteArray();
        ByteString byteString = product.ToByteString();
        Assert.Equal(bytes.Length, product.CalculateSize());
        MessageParser<Product> parser = Product.Parser;
        var padded = new byte[] { 9 }.Concat(bytes).Concat(new byte[] { 9 }).ToArray();
        Assert.Equal(product, parser.ParseFrom(bytes));
        Assert.Equal(product, parser.ParseFrom(padded, 1, bytes.Length));
        Assert.Equal(product, parser.ParseFrom(byteString));
        Assert.Equal(product, parser.ParseFrom(new MemoryStream(bytes)));
        Assert.Equal(product, parser.ParseFrom(new ReadOnlySequence<byte>(bytes)));
        Assert.Equal(product, parser.ParseFrom(bytes.AsSpan()));
        Assert.Equal(product, parser.ParseFrom(new CodedInputStream(bytes)));
        Assert.Equal(new Product { Sku = "x" }, parser.ParseJson("""{ "sku": "x" }"""));
        IMessage untyped = Product.Descriptor.Parser.ParseFrom(bytes);
        Assert.Equal(product, untyped);

        var merged = new Product();
        merged.MergeFrom(bytes);
        Assert.Equal(product, merged);
        merged = new Product();
        merged.MergeFrom(byteString);
        Assert.Equal(product, merged);
    }

    [Fact]
    public void Every_way_of_writing_gives_the_same_bytes()
    {
        var product = CreateProduct();
        byte[] bytes = product.ToByteArray();
        var stream = new MemoryStream();
        product.WriteTo(stream);
        Assert.Equal(bytes, stream.ToArray());

        stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            product.WriteTo(output);
        }

        Assert.Equal(bytes, stream.ToArray());
        var writer = new ArrayBufferWriter<byte>();
        product.WriteTo(writer);
        Assert.Equal(bytes, writer.WrittenSpan.ToArray());
        Span<byte> span = new byte[product.CalculateSize()];
        product.WriteTo(span);
        Assert.Equal(bytes, span.ToArray());
    }

    [Fact]
    public void Delimited_messages_follow_each_other_in_a_stream()
    {
        var stream = new MemoryStream();
        new Warehouse { Name = "a" }.WriteDelimitedTo(stream);
        new Warehouse { Name = "b" }.WriteDelimitedTo(stream);
        stream.Position = 0;
        Assert.Equal("a", Warehouse.Parser.ParseDelimitedFrom(stream).Name);
        var second = new Warehouse();
        second.MergeDelimitedFrom(stream);
        Assert.Equal("b", second.Name);
    }

    [Fact]
    public void Unknown_fields_are_kept_unless_they_are_discarded()
    {
        byte[] bytes = CreateProduct().ToByteArray();
        ProductKey key = ProductKey.Parser.ParseFrom(bytes);
        Assert.Equal("book-1", key.Sku);
        Assert.Equal(bytes.Length, key.CalculateSize());
        Assert.Equal(CreateProduct(), Product.Parser.ParseFrom(key.ToByteArray()));
        key = ProductKey.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes);
        Assert.Equal(new ProductKey { Sku = "book-1" }, key);
    }

    [Fact]
    public void Malformed_bytes_throw_the_exception_that_users_catch()
    {
        try
        {
            Product.Parser.ParseFrom(new byte[] { 0x0A, 0x05, 0x41 });
            Assert.Fail("The message is truncated.");
        }
        catch (InvalidProtocolBufferException ex)
        {
            Assert.IsAssignableFrom<IOException>(ex);
        }
    }

    [Fact]
    public void Coded_streams_are_read_and_written_by_hand()
    {
        var stream = new MemoryStream();
        var output = new CodedOutputStream(stream);
        output.WriteTag((1 << 3) | 2);
        output.WriteString("book-1");
        output.WriteTag((3 << 3) | 0);
        output.WriteInt64(7);
        output.WriteTag(33);
        output.WriteDouble(1.5);
        output.Flush();
        Assert.Equal(new Product { Sku = "book-1", PriceInCents = 7, Weight = 1.5 }, Product.Parser.ParseFrom(stream.ToArray()));
        Assert.Equal(7, CodedOutputStream.ComputeStringSize("book-1"));

        var input = new CodedInputStream(stream.ToArray());
        uint tag;
        var fields = new List<int>();
        while ((tag = input.ReadTag()) != 0)
        {
            fields.Add((int)(tag >> 3));
            switch (tag >> 3)
            {
                case 1:
                    Assert.Equal("book-1", input.ReadString());
                    break;
                case 3:
                    Assert.Equal(7, input.ReadInt64());
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        Assert.True(input.IsAtEnd);
        Assert.Equal(new[] { 1, 3, 4 }, fields);
    }

    [Fact]
    public void Byte_strings_are_made_and_read()
    {
        ByteString bytes = ByteString.CopyFromUtf8("héllo");
        Assert.Equal("héllo", bytes.ToStringUtf8());
        Assert.Equal(6, bytes.Length);
        Assert.Equal((byte)'h', bytes[0]);
        Assert.Equal(bytes, ByteString.CopyFrom(bytes.ToByteArray()));
        Assert.Equal(bytes, ByteString.CopyFrom(bytes.Span));
        Assert.Equal(bytes, ByteString.FromBase64(bytes.ToBase64()));
        Assert.True(bytes.Memory.Span.SequenceEqual(bytes.Span));
        Assert.True(ByteString.Empty.IsEmpty);
        Assert.Equal(6, UnsafeByteOperations.UnsafeWrap(bytes.Memory).Length);
        Assert.True(bytes == ByteString.FromStream(new MemoryStream(bytes.ToByteArray())));
    }

    [Fact]
    public void Descriptors_tell_names_and_reach_fields()
    {
        MessageDescriptor descriptor = Product.Descriptor;
        FieldDescriptor field = descriptor.FindFieldByName("price_in_cents");
        Assert.Equal("priceInCents", field.JsonName);
        Assert.Equal(FieldType.Int64, field.FieldType);
        var product = CreateProduct();
        Assert.Equal(1999L, field.Accessor.GetValue(product));
        field.Accessor.SetValue(product, 1L);
        Assert.Equal(1, product.PriceInCents);
        Assert.True(descriptor.FindFieldByName("stock").IsMap);
        Assert.True(descriptor.Fields.InDeclarationOrder().Count > 15);
        Assert.Equal("origin", descriptor.Oneofs[0].Name);
        Assert.Equal("contract.catalog", CatalogReflection.Descriptor.Package);
        Assert.Same(descriptor, CatalogReflection.Descriptor.MessageTypes[0]);
        var name = typeof(Category).GetField(nameof(Category.Book))!.GetCustomAttributes(typeof(OriginalNameAttribute), false).Cast<OriginalNameAttribute>().Single().Name;
        Assert.Equal("CATEGORY_BOOK", name);
    }
}
