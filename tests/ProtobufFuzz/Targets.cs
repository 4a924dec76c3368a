// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Text;
using Peregrine.Protobuf.WellKnownTypes;
using Peregrine.TestKit;
using ProtobufFuzz.Messages;

namespace ProtobufFuzz;

/// <summary>What messages in their wire form, in JSON, in text and as descriptors must hold.</summary>
internal static class Targets
{
    private static readonly FileDescriptor[] Files =
    [
        DescriptorReflection.Descriptor, AnyReflection.Descriptor, StructReflection.Descriptor, TypeReflection.Descriptor,
        ApiReflection.Descriptor, WrappersReflection.Descriptor, TimestampReflection.Descriptor, DurationReflection.Descriptor,
        FieldMaskReflection.Descriptor, NestReflection.Descriptor,
    ];

    private static readonly TypeRegistry Types = TypeRegistry.FromFiles(Files);
    private static readonly JsonFormatter JsonWriter = new(JsonFormatter.Settings.Default.WithTypeRegistry(Types));
    private static readonly JsonParser JsonReader = new(JsonParser.Settings.Default.WithTypeRegistry(Types));

    private static readonly TextParser TextReader = new(TextParser.Settings.Default.WithTypeRegistry(Types).WithAllowPartial(true));
    private static readonly TextParser FollowingReader =
        new(TextParser.Settings.Default.WithTypeRegistry(Types).WithAllowPartial(true).WithFollowProtoc(true).WithIgnoreUnknownFields(true).WithRecursionLimit(int.MaxValue));

    private static readonly TextFormatter[] TextWriters =
    [
        new(TextFormatter.Settings.Default.WithTypeRegistry(Types).WithFormatUnknownFields(false)),
        new(TextFormatter.Settings.Default.WithTypeRegistry(Types).WithExpandAny(false).WithSingleLine(true).WithEscapeNonAscii(false)),
    ];

    /// <summary>The types that messages are read as: deep, with maps, oneofs, closed enums, extensions, well-known types.</summary>
    private static readonly MessageDescriptor[] Messages =
        [FileDescriptorProto.Descriptor, Struct.Descriptor, Value.Descriptor, Any.Descriptor, Api.Descriptor, Peregrine.Protobuf.WellKnownTypes.Type.Descriptor, FieldMask.Descriptor];

    /// <summary>All targets.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("wire", [.. Files.Select(file => file.SerializedData.ToByteArray()), .. Samples().Select(sample => sample.ToByteArray())], Wire),
        new("json", [.. Samples().Select(sample => System.Text.Encoding.UTF8.GetBytes(JsonWriter.Format(sample)))], Json),
        new("text", [.. ProtocTargets.TextSamples().Select(System.Text.Encoding.UTF8.GetBytes), .. Samples().Select(sample => System.Text.Encoding.UTF8.GetBytes(TextWriters[0].Format(sample)))], Text),
        DescriptorTarget.Target,
        .. ProtocTargets.All,
    ];

    private static IMessage[] Samples() =>
    [
        Struct.Parser.ParseJson("""{"a":1.5,"b":[true,null,"x",{"c":{}}],"d":"\u00e4\ud83d\ude08"}"""),
        Any.Pack(Struct.Parser.ParseJson("""{"k":[1,2]}""")),
        FieldMask.FromString("a.b,c_d"),
        Any.Pack(new Duration { Seconds = -5, Nanos = -1 }),
        Any.Pack(new Timestamp { Seconds = 1, Nanos = 5000 }),
        new Api { Name = "n", Options = { new Option { Name = "o", Value = Any.Pack(new Int32Value { Value = 5 }) } } },
        StructReflection.Descriptor.ToProto(),
    ];

    // The generated and the dynamic message of a type agree, byte for byte and error for error; what is written is read again.
    private static string Wire(byte[] input)
    {
        List<string> outcome = [];
        foreach (MessageDescriptor type in Messages)
        {
            (IMessage? generated, string error) = Read(type.Parser, input);
            (IMessage? dynamic, string dynamicError) = Read(DynamicMessage.ParserOf(type), input);
            Require(error == dynamicError, $"{type.FullName}: generated: {error} dynamic: {dynamicError}");
            if (generated is not null && dynamic is not null)
            {
                byte[] bytes = generated.ToByteArray();
                Require(bytes.AsSpan().SequenceEqual(dynamic.ToByteArray()), $"{type.FullName}: the bytes differ");
                Require(generated.Equals(type.Parser.ParseFrom(bytes)), $"{type.FullName}: it is not read as it was written");
                Require(dynamic.Equals(((DynamicMessage)dynamic).Clone()), $"{type.FullName}: the clone differs");
                Require(generated.ToString() == dynamic.ToString(), $"{type.FullName}: the diagnostic texts differ");
            }

            outcome.Add(Shape(error));
        }

        return string.Join('|', outcome);
    }

    private static string Json(byte[] input)
    {
        List<string> outcome = [];
        foreach (MessageDescriptor type in Messages)
        {
            IMessage message = type.Parser.CreateTemplate();
            DynamicMessage dynamic = new(type);
            string error = Error(() => JsonReader.Merge(message, input));
            Require(error == Error(() => JsonReader.Merge(dynamic, input)), $"{type.FullName}: generated: {error}");
            if (error.Length == 0)
            {
                Require(message.ToByteArray().AsSpan().SequenceEqual(dynamic.ToByteArray()), $"{type.FullName}: the bytes differ");
                string json = JsonWriter.Format(message);
                Require(json == JsonWriter.Format(dynamic), $"{type.FullName}: the texts differ");
                Require(message.Equals(JsonReader.Parse(json, type)), $"{type.FullName}: it is not read as it was written: {json}");
            }

            outcome.Add(Shape(error));
        }

        return string.Join('|', outcome);
    }

    // The generated and the dynamic message agree on text, and what is written is read again. Protoc's way of reading ends well, too.
    private static string Text(byte[] input)
    {
        List<string> outcome = [];
        foreach (MessageDescriptor type in (MessageDescriptor[])[Nest.Descriptor, .. Messages])
        {
            IMessage message = type.Parser.CreateTemplate();
            DynamicMessage dynamic = new(type);
            string error = Error(() => TextReader.Merge(message, input));
            Require(error == Error(() => TextReader.Merge(dynamic, input)), $"{type.FullName}: generated: {error}");
            _ = Error(() => FollowingReader.Merge(new DynamicMessage(type), input));
            if (error.Length == 0)
            {
                Require(message.ToByteArray().AsSpan().SequenceEqual(dynamic.ToByteArray()), $"{type.FullName}: the bytes differ");
                foreach (TextFormatter writer in TextWriters)
                {
                    string text = writer.Format(message);
                    Require(text == writer.Format(dynamic), $"{type.FullName}: the texts differ");
                    IMessage again = type.Parser.CreateTemplate();
                    TextReader.Merge(again, text);

                    // Fields that are unknown in an expanded Any have no text that can be read.
                    Require(text == writer.Format(again), $"{type.FullName}: it is not read as it was written: {text}");
                    Require(writer == TextWriters[0] || message.Equals(again), $"{type.FullName}: what was read differs: {text}");
                }
            }

            outcome.Add(Shape(error));
        }

        return string.Join('|', outcome);
    }

    private static (IMessage? Message, string Error) Read(MessageParser parser, byte[] input)
    {
        try
        {
            return (parser.ParseFrom(input), "");
        }
        catch (InvalidProtocolBufferException e)
        {
            return (null, e.Message);
        }
    }

    private static string Error(Action action)
    {
        try
        {
            action();
            return "";
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException or InvalidTextFormatException)
        {
            return e.Message;
        }
    }

    /// <summary>Throws what is a finding unless a condition holds.</summary>
    public static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException(what);
        }
    }

    /// <summary>The first words of an error without digits and quotes from the input.</summary>
    public static string Shape(string error) =>
        new([.. error.TakeWhile(c => c != '"').Where(c => !char.IsAsciiDigit(c)).Take(40)]);
}
