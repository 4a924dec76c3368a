// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Contract.Catalog;
using Peregrine.Protobuf;
using Xunit;

namespace Contract;

/// <summary>The wire format by hand, and bytes.</summary>
public class CodedStreamUsageTests
{
    [Fact]
    public void Fields_are_written_with_tags_by_number_and_wire_type()
    {
        var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, CodedOutputStream.DefaultBufferSize, true))
        {
            output.WriteTag(Product.SkuFieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteString("s");
            output.WriteTag(WireFormat.MakeTag(Product.PriceInCentsFieldNumber, WireFormat.WireType.Varint));
            output.WriteInt64(5);
            output.WriteRawTag(33);
            output.WriteDouble(0.5);
            output.WriteTag(Product.WarehouseFieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteMessage(new Warehouse { Name = "w" });
        }

        Assert.Equal(
            new Product { Sku = "s", PriceInCents = 5, Weight = 0.5, Warehouse = new Warehouse { Name = "w" } },
            Product.Parser.ParseFrom(stream.ToArray()));
        stream.Position = 0;
        Assert.Equal(new[] { "1 text", "3 number", "4 eight bytes", "21 text" }, Describe(new CodedInputStream(stream)));
    }

    private static IEnumerable<string> Describe(CodedInputStream input)
    {
        while (!input.IsAtEnd)
        {
            uint tag = input.ReadTag();
            int number = WireFormat.GetTagFieldNumber(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.Varint:
                    input.ReadUInt64();
                    yield return number + " number";
                    break;
                case WireFormat.WireType.Fixed64:
                    input.ReadFixed64();
                    yield return number + " eight bytes";
                    break;
                case WireFormat.WireType.LengthDelimited:
                    input.ReadBytes();
                    yield return number + " text";
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }
    }

    [Fact]
    public void Sizes_are_computed_before_an_array_is_filled()
    {
        var warehouse = new Warehouse { Name = "main" };
        int size = CodedOutputStream.ComputeTagSize(Product.WarehouseFieldNumber) + CodedOutputStream.ComputeMessageSize(warehouse)
            + CodedOutputStream.ComputeTagSize(3) + CodedOutputStream.ComputeInt64Size(300)
            + CodedOutputStream.ComputeRawVarint32Size(300) + CodedOutputStream.ComputeBoolSize(true);
        var bytes = new byte[size];
        var output = new CodedOutputStream(bytes);
        output.WriteTag(Product.WarehouseFieldNumber, WireFormat.WireType.LengthDelimited);
        output.WriteMessage(warehouse);
        output.WriteTag(3, WireFormat.WireType.Varint);
        output.WriteInt64(300);
        output.WriteLength(300);
        Assert.Equal(1, output.SpaceLeft);
        output.WriteBool(true);
        output.CheckNoSpaceLeft();
        try
        {
            output.WriteBool(true);
            Assert.Fail("The array is full.");
        }
        catch (CodedOutputStream.OutOfSpaceException ex)
        {
            Assert.IsAssignableFrom<IOException>(ex);
        }
    }

    [Fact]
    public void Maps_are_written_in_order_when_asked_for()
    {
        var stream = new MemoryStream();
        var output = new CodedOutputStream(stream) { Deterministic = true };
        new Product { Stock = { ["b"] = 1, ["a"] = 2 } }.WriteTo(output);
        output.Flush();
        Assert.Equal(new Product { Stock = { ["a"] = 2, ["b"] = 1 } }.ToByteArray(), stream.ToArray());
    }

    [Fact]
    public void A_message_is_merged_from_a_coded_stream_within_limits()
    {
        byte[] bytes = new Product { Sku = "s" }.ToByteArray();
        var product = new Product();
        product.MergeFrom(new CodedInputStream(bytes));
        Assert.Equal("s", product.Sku);
        var input = CodedInputStream.CreateWithLimits(new MemoryStream(new byte[100]), 10, 100);
        Assert.Throws<InvalidProtocolBufferException>(() => Product.Parser.ParseFrom(input));
    }

    [Fact]
    public async Task Byte_strings_come_from_text_arrays_and_streams()
    {
        ByteString text = ByteString.CopyFrom("hé", Encoding.Unicode);
        Assert.Equal("hé", text.ToString(Encoding.Unicode));
        ByteString part = ByteString.CopyFrom(new byte[] { 1, 2, 3, 4 }, 1, 2);
        Assert.Equal(new byte[] { 2, 3 }, part.ToByteArray());
        Assert.Equal(new byte[] { 2, 3 }, part.ToArray());
        var target = new byte[3];
        part.CopyTo(target, 1);
        Assert.Equal(new byte[] { 0, 2, 3 }, target);
        var stream = new MemoryStream();
        part.WriteTo(stream);
        stream.Position = 0;
        Assert.Equal(part, await ByteString.FromStreamAsync(stream));
        Assert.Equal(2u, part.CreateCodedInput().ReadUInt32());
        Assert.True(part != text);
        Assert.Equal(part.GetHashCode(), ByteString.CopyFrom(2, 3).GetHashCode());
    }

    private static T Read<T>(byte[] bytes)
        where T : IMessage<T>, new()
    {
        var parser = new MessageParser<T>(() => new T());
        var message = parser.ParseFrom(bytes);
        var merged = new T();
        merged.MergeFrom(bytes);
        Assert.Equal(message, merged);
        return message.Clone();
    }

    [Fact]
    public void Generic_code_makes_its_own_parsers()
    {
        Assert.Equal("w", Read<Warehouse>(new Warehouse { Name = "w" }.ToByteArray()).Name);
        IMessage untyped = (IMessage)Activator.CreateInstance(typeof(Warehouse));
        untyped.MergeFrom(new Warehouse { Name = "x" }.ToByteString());
        Assert.Equal("x", ((Warehouse)untyped).Name);
    }
}
