// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;
using ProtobufFuzz.Messages;

namespace ProtobufFuzz;

/// <summary>Messages, bytes and texts that are nested as deep as one likes. All are made without recursion.</summary>
internal static class DepthInputs
{
    /// <summary>The generated types.</summary>
    public static TypeRegistry Types { get; } = TypeRegistry.FromFiles(NestReflection.Descriptor);

    /// <summary>The same types again, without generated code.</summary>
    public static DescriptorPool Pool { get; } = MakePool();

    /// <summary>The ways in which the wire format nests: the name of a type, and the tags that stand in each other, over and over.</summary>
    public static (string Name, string Type, (uint Tag, byte[] Before)[] Tags)[] WirePatterns { get; } =
    [
        ("child", "Nest", [(0x0A, [])]),
        ("list", "Nest", [(0x12, [])]),
        ("delimited", "Nest", [(0x1B, [])]),
        ("map", "Nest", [(0x22, []), (0x12, [])]),
        ("oneof", "Nest", [(0x2A, [])]),
        ("extension", "Nest", [(802, [])]),
        ("repeated extension", "Nest", [(810, [])]),
        ("delimited extension", "Nest", [(819, [])]),
        ("unknown group", "Nest", [(0xA3B, [])]),
        ("unknown group in a message", "Nest", [(0x1B, []), (0x1B, []), (0xA3B, [])]),
        ("message set", "Item", [(0x0A, []), (0x0B, [0x10, 0xE8, 0x07]), (0x1A, [])]),
        ("unknown group in a message set", "Set", [(0x2B, [])]),
        ("skipped group in an item of a message set", "Set", [(0x0B, [])]),
    ];

    /// <summary>A chain of messages, each in a field of the next.</summary>
    public static IMessage Chain(MessageDescriptor type, string fieldName, int levels, bool initialized)
    {
        FieldDescriptor must = type.FindFieldByName("must")!;
        TypeRegistry types = TypeRegistry.FromMessages(type);
        FieldDescriptor field = type.FindFieldByName(fieldName) ?? types.FindExtension(type.File.Package + "." + fieldName)!;
        IMessage message = type.Parser.CreateTemplate();
        for (int i = 0; i < levels; i++)
        {
            if (initialized)
            {
                message.SetField(must.FieldNumber, 1);
            }

            IMessage outer = type.Parser.CreateTemplate();
            if (field.IsExtension && field.IsRepeated)
            {
                ((IExtendable)outer).GetOrCreateExtensions().GetOrCreateList(field.Extension!).Add(message);
            }
            else if (field.IsExtension)
            {
                ((IExtendable)outer).GetOrCreateExtensions().Set(field.Extension!, message);
            }
            else if (field.IsMap)
            {
                ((System.Collections.IDictionary)outer.GetField(field.FieldNumber)!).Add(1, message);
            }
            else if (field.IsRepeated)
            {
                ((System.Collections.IList)outer.GetField(field.FieldNumber)!).Add(message);
            }
            else
            {
                outer.SetField(field.FieldNumber, message);
            }

            message = outer;
        }

        return message;
    }

    /// <summary>Bytes in which tags stand in each other: lengths are worked out from the inside, and written from the outside.</summary>
    public static byte[] Wire((uint Tag, byte[] Before)[] tags, int levels)
    {
        var sizes = new int[levels + 1];
        for (int i = levels - 1; i >= 0; i--)
        {
            // The size of what a level holds is that of the next with its tags.
            (uint inner, byte[] before) = tags[i % tags.Length];
            int tagSize = WireSize.UInt32(inner);
            sizes[i] = IsGroup(inner) ? (2 * tagSize) + before.Length + sizes[i + 1] : tagSize + WireSize.UInt32((uint)sizes[i + 1]) + sizes[i + 1];
        }

        var output = new byte[sizes[0]];
        WireWriter writer = new(output);
        for (int i = 0; i < levels; i++)
        {
            (uint tag, byte[] before) = tags[i % tags.Length];
            writer.WriteTag(tag);
            if (!IsGroup(tag))
            {
                writer.WriteLength(sizes[i + 1]);
            }

            writer.WriteRaw(before);
        }

        for (int i = levels - 1; i >= 0; i--)
        {
            if (IsGroup(tags[i % tags.Length].Tag))
            {
                writer.WriteTag(tags[i % tags.Length].Tag + 1);
            }
        }

        return output;
    }

    /// <summary>Text that is opened and closed many times.</summary>
    public static string Text(string open, string inside, string close, int levels) =>
        new StringBuilder().Insert(0, open, levels).Append(inside).Insert(open.Length * levels + inside.Length, close, levels).ToString();

    /// <summary>A file with types in types.</summary>
    public static FileDescriptorProto NestedTypes(int levels)
    {
        DescriptorProto nested = new() { Name = "M" };
        for (int i = 0; i < levels; i++)
        {
            nested = new DescriptorProto { Name = "M", NestedType = { nested } };
        }

        return new FileDescriptorProto { Name = "nested.proto", MessageType = { nested } };
    }

    /// <summary>Files that import each other in a chain, the last file first. Each names the type of the next, or all that of the last.</summary>
    public static FileDescriptorSet Chain(int files, bool isPublic, bool namesLast = false)
    {
        FileDescriptorSet set = new();
        for (int i = files; i > 0; i--)
        {
            FileDescriptorProto file = new() { Name = $"f{i}", MessageType = { new DescriptorProto { Name = $"M{i}" } } };
            if (i > 1)
            {
                file.Dependency.Add($"f{i - 1}");
                file.MessageType[0].Field.Add(new FieldDescriptorProto { Name = "m", Number = 1, TypeName = $".M{(namesLast ? 1 : i - 1)}", Type = FieldDescriptorProto.Types.Type.Message });
                if (isPublic)
                {
                    file.PublicDependency.Add(0);
                }
            }

            set.File.Add(file);
        }

        return set;
    }

    private static DescriptorPool MakePool()
    {
        DescriptorPool pool = new();
        foreach (FileDescriptor file in NestReflection.Descriptor.Dependencies)
        {
            pool.Add(file);
        }

        pool.Add(NestReflection.Descriptor.ToProto());
        return pool;
    }

    private static bool IsGroup(uint tag) => (tag & 7) == (uint)WireType.StartGroup;
}
