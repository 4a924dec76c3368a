// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Tests.Messages;
using Peregrine.Protobuf.Wire;
using Xunit;

namespace Peregrine.Protobuf.Tests.Dynamic;

/// <summary>What must hold for every schema and every input; each run takes the same ones.</summary>
public class AgreementTests
{
    private const int Schemas = 300;
    private const int Mutants = 20_000;

    [Fact]
    public void Any_message_of_any_schema_survives_bytes_and_JSON()
    {
        for (int seed = 0; seed < Schemas; seed++)
        {
            RandomSchema schema = new(seed);
            foreach (MessageDescriptor type in schema.CreateFile().MessageTypes)
            {
                DynamicMessage message = new(type);
                schema.Fill(message);
                byte[] bytes = message.ToByteArray();
                MessageParser<DynamicMessage> parser = DynamicMessage.ParserOf(type);
                DynamicMessage parsed = parser.ParseFrom(bytes);
                Assert.Equal(message, parsed);
                Assert.Equal(message.GetHashCode(), parsed.GetHashCode());
                Assert.Equal(message, message.Clone());
                Assert.Null(parsed.UnknownFields);
                Assert.Equal(bytes, parsed.ToByteArray());
                Assert.Equal(message, JsonParser.Default.Parse(JsonFormatter.Default.Format(message), type));
                Assert.Equal(Deterministic(message), Deterministic(parsed));

                // Merging objects is merging their bytes.
                DynamicMessage other = new(type);
                schema.Fill(other);
                byte[] both = [.. bytes, .. other.ToByteArray()];
                DynamicMessage merged = message.Clone();
                merged.MergeFrom(other);
                Assert.Equal(parser.ParseFrom(both), merged);
            }
        }
    }

    [Fact]
    public void Dynamic_and_generated_messages_agree_on_any_input()
    {
        Sample full = Samples.Full();
        full.SetExtension(SampleExtensions.Weight, 70);
        byte[] seed = full.ToByteArray();
        Random random = new(1);
        MessageParser<DynamicMessage> dynamic = DynamicMessage.ParserOf(Sample.Descriptor);
        int accepted = 0;
        for (int i = 0; i < Mutants; i++)
        {
            byte[] input = Mutate(seed, random);
            byte[]? expected = Rewritten(Sample.Parser, input, out string? expectedError);
            byte[]? found = Rewritten(dynamic, input, out string? foundError);
            Assert.Equal(expectedError, foundError);
            Assert.Equal(expected, found);
            accepted += found is null ? 0 : 1;
        }

        Assert.InRange(accepted, Mutants / 100, Mutants);
    }

    [Fact]
    public void Mutated_descriptors_are_built_or_refused_by_the_documented_exceptions()
    {
        Random random = new(2);
        byte[][] seeds = [.. Enumerable.Range(0, 20).Select(i => new RandomSchema(i).CreateFile().SerializedData.ToByteArray()), SampleReflection.Descriptor.SerializedData.ToByteArray()];
        int built = 0;
        for (int i = 0; i < Mutants; i++)
        {
            byte[] input = Mutate(seeds[random.Next(seeds.Length)], random);
            try
            {
                DescriptorPool pool = new();
                pool.Add(WellKnownTypes.WrappersReflection.Descriptor);
                FileDescriptor file = pool.Add(FileDescriptorProto.Parser.ParseFrom(input));
                built++;
                foreach (MessageDescriptor type in file.MessageTypes)
                {
                    DynamicMessage message = new(type);
                    Assert.NotNull(message.ToString());
                    _ = message.ToByteArray();
                }
            }
            catch (Exception e) when (e is InvalidProtocolBufferException or DescriptorValidationException)
            {
                Assert.NotEmpty(e.Message);
            }
        }

        Assert.InRange(built, Mutants / 100, Mutants);
    }

    private static byte[] Deterministic(IMessage message)
    {
        _ = message.CalculateSize();
        ArrayBufferWriter<byte> output = new();
        WireWriter writer = new(output) { Deterministic = true };
        message.WriteTo(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static byte[]? Rewritten(MessageParser parser, byte[] input, out string? error)
    {
        try
        {
            error = null;
            return parser.ParseFrom(input).ToByteArray();
        }
        catch (InvalidProtocolBufferException e)
        {
            error = e.Message;
            return null;
        }
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        for (int i = random.Next(1, 4); i > 0 && bytes.Count > 2; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 4:
                    bytes.AddRange(bytes.GetRange(at, random.Next(bytes.Count - at)));
                    break;
                default:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at));
                    break;
            }
        }

        return [.. bytes];
    }
}
