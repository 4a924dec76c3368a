// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using System.Text;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli;

/// <summary>
/// Descriptors that look alike in text and on the wire, and of which messages hold what protoc's hold: strings that are not UTF-8, unknown
/// fields of wrapper messages, and map entries that are given twice.
/// </summary>
internal sealed class CodecDescriptors
{
    private const int Key = 1;
    private const int Value = 2;

    // The last number there is: no wrapper has a field of it.
    private const int UnusedNumber = (1 << 29) - 1;

    // A message holds these as bare values, unless their types can hold more than a value.
    private static readonly HashSet<string> Wrappers =
        [.. ((string[])["Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes"]).Select(name => $"google.protobuf.{name}Value")];

    private static readonly Comparer<object?> KeyOrder = Comparer<object?>.Create((left, right) => left switch
    {
        ByteString bytes => bytes.Span.SequenceCompareTo(((ByteString)right!).Span),
        string text => Encoding.UTF8.GetBytes(text).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes((string)right!)),
        _ => Comparer.DefaultInvariant.Compare(left, right),
    });

    private readonly HashSet<string> _entries = [];
    private readonly bool _readsBinary;

    /// <summary>Builds them.</summary>
    /// <param name="files">The files, in any order, with all that they import.</param>
    /// <param name="readsBinary">
    /// Whether messages come as binary: strings that must be UTF-8 stay strings, so that others are refused, and maps whose values are of a
    /// closed enum stay maps.
    /// </param>
    /// <exception cref="DescriptorValidationException">The descriptors are not those of valid files.</exception>
    public CodecDescriptors(IEnumerable<FileDescriptorProto> files, bool readsBinary)
    {
        _readsBinary = readsBinary;
        var set = new FileDescriptorSet();
        set.File.AddRange(files);
        var changed = new FileDescriptorSet();
        foreach (var file in DescriptorPool.FromFileDescriptorSet(set).Files)
        {
            var proto = file.ToProto();
            Change(file.Extensions.UnorderedExtensions, proto.Extension);
            Change(file.MessageTypes, proto.MessageType);
            changed.File.Add(proto);
        }

        Pool = DescriptorPool.FromFileDescriptorSet(changed);
    }

    /// <summary>The descriptors.</summary>
    public DescriptorPool Pool { get; }

    /// <summary>Does with the map entries of a message, which are a list here, what protoc does when it writes them: each has a key and a value.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sorts">Whether entries stand in the order of their keys; those of one key keep theirs.</param>
    public void CompleteEntries(IMessage message, bool sorts)
    {
        // Not by recursion: the message may be nested as deep as the stack of the parser.
        Stack<IMessage> pending = new([message]);
        while (_entries.Count > 0 && pending.TryPop(out var next))
        {
            foreach (var field in next.Descriptor.Fields.InFieldNumberOrder())
            {
                if (field.FieldType is FieldType.Message or FieldType.Group && next.HasField(field.FieldNumber))
                {
                    var value = next.GetField(field.FieldNumber);
                    if (value is IList entries && _entries.Contains(field.MessageType.FullName))
                    {
                        Complete(entries, sorts);
                    }

                    Push(value, pending);
                }
            }

            if (next is IExtendable { Extensions: { } extensions })
            {
                foreach (var (_, value) in extensions.Values)
                {
                    Push(value, pending);
                }
            }
        }
    }

    private static void Push(object? value, Stack<IMessage> pending)
    {
        if (value is IMessage single)
        {
            pending.Push(single);
        }
        else if (value is IList list)
        {
            foreach (var nested in list.OfType<IMessage>())
            {
                pending.Push(nested);
            }
        }
    }

    private static void Complete(IList entries, bool sorts)
    {
        foreach (var entry in entries.Cast<IMessage>())
        {
            // protoc drops what an entry has beside a key and a value.
            entry.UnknownFields = null;
            Complete(entry, Key);
            Complete(entry, Value);
        }

        if (sorts)
        {
            // A sort that keeps the order of what is equal.
            List<IMessage> sorted = [.. entries.Cast<IMessage>().OrderBy(entry => entry.GetField(Key), KeyOrder)];
            entries.Clear();
            sorted.ForEach(entry => entries.Add(entry));
        }
    }

    private static void Complete(IMessage entry, int number)
    {
        if (!entry.HasField(number))
        {
            var field = entry.Descriptor.Fields[number];
            entry.SetField(number, field.DefaultValue ?? new DynamicMessage(field.MessageType));
        }
    }

    private void Change(IEnumerable<MessageDescriptor> types, RepeatedField<DescriptorProto> protos)
    {
        var index = 0;
        foreach (var type in types)
        {
            var proto = protos[index++];
            Change(type.NestedTypes, proto.NestedType);
            Change(type.Extensions.UnorderedExtensions, proto.Extension);

            // The parser and the formatter reach the fields of an Any by what they are.
            if (type.FullName != "google.protobuf.Any" && !StaysMap(type))
            {
                Change(type.Fields.InDeclarationOrder(), proto.Field);
            }

            if (Wrappers.Contains(type.FullName))
            {
                proto.ExtensionRange.Add(new DescriptorProto.Types.ExtensionRange { Start = UnusedNumber, End = UnusedNumber + 1 });
            }

            if (type.IsMapEntry && !StaysMap(type))
            {
                _entries.Add(type.FullName);
                ChangeEntry(type.File.Edition, proto);
            }
        }
    }

    // An entry in binary whose value the enum does not define is an unknown field of the message around it, which only maps bring about.
    private bool StaysMap(MessageDescriptor type) =>
        _readsBinary && type.IsMapEntry && type.Fields[Value] is { FieldType: FieldType.Enum, EnumType.IsClosed: true };

    private void Change(ReadOnlyCollection<FieldDescriptor> fields, RepeatedField<FieldDescriptorProto> protos)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (field.FieldType == FieldType.String && !(_readsBinary && field.RequiresUtf8Validation))
            {
                protos[i].Type = FieldDescriptorProto.Types.Type.Bytes;
                protos[i].ClearDefaultValue();
                protos[i].Options?.Features?.ClearUtf8Validation();
            }

            if (field.IsMap && field.File.Edition >= Edition._2023)
            {
                FeaturesOf(protos[i]).MessageEncoding = FeatureSet.Types.MessageEncoding.LengthPrefixed;
            }
        }
    }

    // An entry becomes a message like others. Its fields have presence, so that what is set is written whatever it is.
    private static void ChangeEntry(Edition edition, DescriptorProto entry)
    {
        entry.Options!.ClearMapEntry();
        foreach (var field in entry.Field)
        {
            if (edition >= Edition._2023)
            {
                FeaturesOf(field).FieldPresence = FeatureSet.Types.FieldPresence.Explicit;
                if (field.Type == FieldDescriptorProto.Types.Type.Message)
                {
                    FeaturesOf(field).MessageEncoding = FeatureSet.Types.MessageEncoding.LengthPrefixed;
                }
            }
            else if (edition == Edition.Proto3)
            {
                field.Proto3Optional = true;
                field.OneofIndex = entry.OneofDecl.Count;
                entry.OneofDecl.Add(new OneofDescriptorProto { Name = "_" + field.Name });
            }
        }
    }

    private static FeatureSet FeaturesOf(FieldDescriptorProto field)
    {
        var options = field.Options ??= new FieldOptions();
        return options.Features ??= new FeatureSet();
    }
}
