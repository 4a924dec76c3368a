// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using System.Text;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.WellKnownTypes;

namespace Peregrine.Protobuf.Json;

/// <summary>Writes the messages that have a JSON form of their own.</summary>
internal sealed class WellKnownJsonWriter(JsonMessageWriter messages) : IMapVisitor
{
    private JsonSink Sink => messages.Sink;

    public void Write(IMessage message, JsonType type)
    {
        MessageDescriptor descriptor = type.Descriptor;
        switch (type.WellKnownType)
        {
            case WellKnownTypeKind.Any:
                WriteAny(message, descriptor);
                break;
            case WellKnownTypeKind.Timestamp or WellKnownTypeKind.Duration:
                WriteTime(message, descriptor);
                break;
            case WellKnownTypeKind.FieldMask:
                WriteFieldMask(message, descriptor);
                break;
            case WellKnownTypeKind.Struct:
                WriteStruct(message);
                break;
            case WellKnownTypeKind.Value:
                WriteValue(message, descriptor);
                break;
            case WellKnownTypeKind.ListValue:
                WriteList(message);
                break;
            case WellKnownTypeKind.Wrapper:
                messages.WriteValue(message, type.Wrapped);
                break;
        }
    }

    private void WriteTime(IMessage message, MessageDescriptor descriptor)
    {
        message.TryGetScalar(WellKnownFields.Seconds, out ulong secondsBits);
        message.TryGetScalar(WellKnownFields.Nanos, out ulong nanosBits);
        long seconds = FieldAccess.ToInt64(secondsBits);
        int nanos = FieldAccess.ToInt32(nanosBits);
        Span<byte> text = stackalloc byte[TimestampText.MaxLength];
        int length = descriptor.WellKnownType == WellKnownTypeKind.Timestamp
            ? TimestampText.Format(seconds, nanos, text)
            : DurationText.Format(seconds, nanos, text);
        if (length > 0)
        {
            Sink.Text(text[..length]);
            return;
        }

        messages.Refuse(descriptor, $"{seconds} seconds and {nanos} nanos are outside its range");
        Sink.StartObject();
        Sink.Name("@warning"u8);
        Sink.Text("Invalid " + descriptor.Name);
        Sink.Name("seconds"u8);
        Sink.Number(JsonKind.Int64, secondsBits);
        Sink.Name("nanos"u8);
        Sink.Number(JsonKind.Int32, nanosBits);
        Sink.EndObject();
    }

    private void WriteFieldMask(IMessage message, MessageDescriptor descriptor)
    {
        var paths = (IList)message.GetField(WellKnownFields.FieldMaskPaths)!;
        StringBuilder text = new();
        string? wrong = null;
        foreach (string path in paths)
        {
            if (text.Length > 0)
            {
                text.Append(',');
            }

            if (!FieldMaskText.TryAppendJsonPath(text, path))
            {
                wrong = path;
                break;
            }
        }

        if (wrong is null)
        {
            messages.WriteString(text.ToString());
            return;
        }

        messages.Refuse(descriptor, $"path \"{wrong}\" is not lower snake case that comes back the same");
        Sink.StartObject();
        Sink.Name("@warning"u8);
        Sink.Text("Invalid FieldMask"u8);
        Sink.Name("paths"u8);
        Sink.StartArray();
        foreach (string path in paths)
        {
            messages.WriteString(path);
        }

        Sink.EndArray();
        Sink.EndObject();
    }

    private void WriteStruct(IMessage message)
    {
        Sink.StartObject();
        ((IUntypedMap)message.GetField(WellKnownFields.StructFields)!).Visit(this, message);
        Sink.EndObject();
    }

    void IMapVisitor.VisitEntry(object state, in UntypedValue key, in UntypedValue value)
    {
        messages.WriteName((string)key.Object!);
        messages.WriteMessage((IMessage)value.Object!);
    }

    private void WriteList(IMessage message)
    {
        Sink.StartArray();
        var values = (IList)message.GetField(WellKnownFields.ListValues)!;
        for (int i = 0; i < values.Count; i++)
        {
            messages.WriteMessage((IMessage)values[i]!);
        }

        Sink.EndArray();
    }

    private void WriteValue(IMessage message, MessageDescriptor descriptor)
    {
        if (message.TryGetScalar(WellKnownFields.NumberValue, out ulong bits))
        {
            double number = FieldAccess.ToDouble(bits);
            if (!double.IsFinite(number))
            {
                messages.Refuse(descriptor, "its number is not finite");
            }

            Sink.Number(JsonKind.Double, FieldAccess.ToBits(number));
        }
        else if (message.HasField(WellKnownFields.StringValue))
        {
            messages.WriteString((string)message.GetField(WellKnownFields.StringValue)!);
        }
        else if (message.TryGetScalar(WellKnownFields.BoolValue, out bits))
        {
            Sink.Number(JsonKind.Bool, bits);
        }
        else if (message.HasField(WellKnownFields.StructValue))
        {
            messages.WriteMessage((IMessage)message.GetField(WellKnownFields.StructValue)!);
        }
        else if (message.HasField(WellKnownFields.ListValue))
        {
            messages.WriteMessage((IMessage)message.GetField(WellKnownFields.ListValue)!);
        }
        else
        {
            if (!message.HasField(WellKnownFields.NullValue))
            {
                messages.Refuse(descriptor, "none of its kinds is set");
            }

            Sink.Null();
        }
    }

    private void WriteAny(IMessage message, MessageDescriptor descriptor)
    {
        string typeUrl = (string)message.GetField(WellKnownFields.AnyTypeUrl)!;
        var bytes = (ByteString)message.GetField(WellKnownFields.AnyValue)!;
        Sink.StartObject();
        if (typeUrl.Length == 0 && bytes.IsEmpty)
        {
            Sink.EndObject();
            return;
        }

        Sink.Name("@type"u8);
        messages.WriteString(typeUrl);
        if (TryUnpack(typeUrl, bytes, descriptor) is not { } content)
        {
            Sink.Name("@value"u8);
            Sink.Base64(bytes.Span);
        }
        else if (content.Descriptor.WellKnownType == WellKnownTypeKind.None)
        {
            if (messages.TryEnter(content.Descriptor, inObject: true))
            {
                messages.WriteFields(content, JsonType.Of(content.Descriptor));
                messages.Leave();
            }
        }
        else
        {
            Sink.Name("value"u8);
            messages.WriteMessage(content);
        }

        Sink.EndObject();
    }

    private IMessage? TryUnpack(string typeUrl, ByteString bytes, MessageDescriptor descriptor)
    {
        string typeName = TypeUrl.TypeNameOf(typeUrl).ToString();
        if (messages.Settings.TypeRegistry.Find(typeName)?.KnownParser is not { } parser)
        {
            messages.Refuse(descriptor, $"the type registry lacks \"{typeName}\" (of \"{typeUrl}\")");
            return null;
        }

        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            return messages.IsDiagnostic
                ? null
                : throw new InvalidOperationException($"The bytes of the Any of type \"{typeName}\" are malformed: {e.Message}", e);
        }
    }
}
