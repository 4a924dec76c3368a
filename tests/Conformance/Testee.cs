// SPDX-License-Identifier: Apache-2.0
using Conformance;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Text;
using ProtobufTestMessages.Proto2;
using ProtobufTestMessages.Proto3;
using WireFormat = Conformance.WireFormat;

namespace Peregrine.Conformance;

/// <summary>Answers one request of the suite: parses the payload, and writes the message in the format asked for.</summary>
internal sealed class Testee
{
    private static readonly FileDescriptor[] Files =
    [
        ConformanceReflection.Descriptor,
        TestMessagesProto2Reflection.Descriptor,
        TestMessagesProto3Reflection.Descriptor,
        ProtobufTestMessages.Editions.Proto2.TestMessagesProto2EditionsReflection.Descriptor,
        ProtobufTestMessages.Editions.Proto3.TestMessagesProto3EditionsReflection.Descriptor,
        ProtobufTestMessages.Editions.TestMessagesEdition2023Reflection.Descriptor,
    ];

    private readonly TypeRegistry _types;
    private readonly ExtensionRegistry _extensions;

    /// <summary>Makes a testee.</summary>
    /// <param name="isDynamic">Whether all messages are made from descriptors, as if no code had been generated for them.</param>
    public Testee(bool isDynamic)
    {
        DescriptorPool pool = new();
        foreach (FileDescriptor file in Files)
        {
            pool.Add(file);
        }

        if (isDynamic)
        {
            FileDescriptorSet set = new();
            set.File.AddRange(pool.Files.Select(file => file.ToProto()));
            pool = DescriptorPool.FromFileDescriptorSet(set);
        }

        _types = pool.ToTypeRegistry();
        _extensions = pool.ToExtensionRegistry();
    }

    public ConformanceResponse Answer(ConformanceRequest request)
    {
        IMessage message;
        try
        {
            message = Parse(request);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException or InvalidTextFormatException)
        {
            return new ConformanceResponse { ParseError = e.Message };
        }
        catch (Exception e)
        {
            return new ConformanceResponse { RuntimeError = e.ToString() };
        }

        try
        {
            return Write(message, request);
        }
        catch (InvalidOperationException e)
        {
            return new ConformanceResponse { SerializeError = e.Message };
        }
        catch (Exception e)
        {
            return new ConformanceResponse { RuntimeError = e.ToString() };
        }
    }

    private IMessage Parse(ConformanceRequest request)
    {
        MessageDescriptor type = _types.Find(request.MessageType) ?? throw new ArgumentException($"There is no type {request.MessageType}.", nameof(request));
        return request.PayloadCase switch
        {
            ConformanceRequest.PayloadOneofCase.ProtobufPayload =>
                type.Parser.WithExtensionRegistry(_extensions).ParseFrom(request.ProtobufPayload),
            ConformanceRequest.PayloadOneofCase.JsonPayload =>
                new JsonParser(JsonParser.Settings.Default
                    .WithTypeRegistry(_types)
                    .WithIgnoreUnknownFields(request.TestCategory == TestCategory.JsonIgnoreUnknownParsingTest))
                    .Parse(request.JsonPayload, type),
            ConformanceRequest.PayloadOneofCase.TextPayload =>
                // The suite leaves open whether a singular field may come twice; its large inputs give one fifty thousand times.
                new TextParser(TextParser.Settings.Default.WithTypeRegistry(_types).WithAllowSingularOverwrites(true)).Parse(request.TextPayload, type),
            _ => throw new ArgumentException($"There is no payload that this program reads: {request.PayloadCase}.", nameof(request)),
        };
    }

    private ConformanceResponse Write(IMessage message, ConformanceRequest request) => request.RequestedOutputFormat switch
    {
        WireFormat.Protobuf => new ConformanceResponse { ProtobufPayload = message.ToByteString() },
        WireFormat.Json => new ConformanceResponse
        {
            JsonPayload = new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(_types)).Format(message),
        },
        WireFormat.TextFormat => new ConformanceResponse
        {
            TextPayload = new TextFormatter(TextFormatter.Settings.Default
                .WithTypeRegistry(_types)
                .WithFormatUnknownFields(request.PrintUnknownFields))
                .Format(message),
        },
        _ => throw new ArgumentException($"There is no format that this program writes: {request.RequestedOutputFormat}.", nameof(request)),
    };
}
