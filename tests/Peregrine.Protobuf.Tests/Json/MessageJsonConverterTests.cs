// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Tests.Messages;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Peregrine.Protobuf.Tests.Json;

/// <summary>Messages inside <see cref="JsonSerializer"/>.</summary>
public sealed partial class MessageJsonConverterTests
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new MessageJsonConverterFactory() } };
    private static readonly JsonSerializerOptions Small = new(Options) { DefaultBufferSize = 16 };
    private static readonly JsonSerializerOptions Indented = new(Options) { WriteIndented = true, NewLine = "\n" };

    public sealed record Order(string Customer, Sample? Item, List<Sample>? Others = null, Dictionary<string, Timestamp>? Times = null);

    [JsonSerializable(typeof(Sample))]
    [JsonSerializable(typeof(List<Sample>))]
    [JsonSourceGenerationOptions(Converters = [typeof(MessageJsonConverter<Sample>)])]
    internal sealed partial class Context : JsonSerializerContext;

    [Fact]
    public void Messages_stand_in_objects_lists_and_dictionaries()
    {
        Order order = new("c", new Sample { Id = 1, Size = -9 }, [new Sample { Name = "a" }, new Sample()], new() { ["t"] = new Timestamp { Seconds = 1 } });

        string json = JsonSerializer.Serialize(order, Options);

        Assert.Equal("""{"Customer":"c","Item":{"id":1,"size":"-9"},"Others":[{"name":"a"},{}],"Times":{"t":"1970-01-01T00:00:01Z"}}""", json);
        Order copy = JsonSerializer.Deserialize<Order>(json, Options)!;
        Assert.Equal(order.Item, copy.Item);
        Assert.Equal(order.Others, copy.Others);
        Assert.Equal(order.Times, copy.Times);
    }

    [Fact]
    public void Null_is_no_message_but_a_value_of_null_is_one()
    {
        Assert.Null(JsonSerializer.Deserialize<Order>("""{"Customer":"c","Item":null}""", Options)!.Item);
        Assert.Equal("null", JsonSerializer.Serialize<Sample?>(null, Options));
        Assert.Equal(Value.ForNull(), JsonSerializer.Deserialize<Value>("null", Options));
        Assert.Equal("null", JsonSerializer.Serialize(Value.ForNull(), Options));
        Assert.Equal("null", JsonSerializer.Serialize<Value?>(null, Options));
    }

    [Fact]
    public void Settings_and_types_of_Any_are_those_of_the_formatter_and_the_parser()
    {
        TypeRegistry types = TypeRegistry.FromMessages(Sample.Descriptor);
        JsonSerializerOptions options = new()
        {
            Converters =
            {
                new MessageJsonConverterFactory(
                    new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(types).WithFormatEnumsAsIntegers(true)),
                    new JsonParser(JsonParser.Settings.Default.WithTypeRegistry(types).WithIgnoreUnknownFields(true))),
            },
        };
        Any any = Any.Pack(new Sample { Color = Color.Red, Required = 1 });

        string json = JsonSerializer.Serialize(any, options);

        Assert.Contains("\"color\":", json, StringComparison.Ordinal);
        Assert.DoesNotContain("COLOR_RED", json, StringComparison.Ordinal);
        Assert.Equal(any, JsonSerializer.Deserialize<Any>(json, options));
        Assert.Equal(new Sample(), JsonSerializer.Deserialize<Sample>("""{"no such field":{"a":[1]}}""", options));
    }

    [Theory]
    [InlineData("""{"Item":{"id":"x"}}""", "$.Item")]
    [InlineData("""{"Others":[{},{"no such field":1}]}""", "$.Others[1]")]
    [InlineData("""{"Item":[]}""", "$.Item")]
    public void What_does_not_fit_is_an_exception_of_the_serializer_with_its_path(string json, string path)
    {
        JsonException error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Order>(json, Options));

        Assert.Equal(path, error.Path);
        Assert.IsType<InvalidProtocolBufferException>(error.InnerException, exactMatch: false);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task A_stream_may_bring_a_message_in_pieces(int piece)
    {
        Order order = new("c", new Sample { Name = new string('n', 300), Data = ByteString.CopyFrom(new byte[100]) }, [.. Enumerable.Range(0, 50).Select(i => new Sample { Id = i })]);
        byte[] json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(order, Options));

        Order copy = (await JsonSerializer.DeserializeAsync<Order>(new PieceStream(json, piece), Small, TestContext.Current.CancellationToken))!;

        Assert.Equal(order.Item, copy.Item);
        Assert.Equal(order.Others, copy.Others);
    }

    [Fact]
    public void Indentation_is_the_serializers() =>
        Assert.Equal("{\n  \"id\": 1\n}", JsonSerializer.Serialize(new Sample { Id = 1 }, Indented));

    [Fact]
    public void Contexts_that_are_generated_take_the_converter_of_one_type()
    {
        List<Sample> samples = [new Sample { Id = 3 }];

        string json = JsonSerializer.Serialize(samples, Context.Default.ListSample);

        Assert.Equal("""[{"id":3}]""", json);
        Assert.Equal(samples, JsonSerializer.Deserialize(json, Context.Default.ListSample));
    }

    // Gives so many bytes at a time.
    private sealed class PieceStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
