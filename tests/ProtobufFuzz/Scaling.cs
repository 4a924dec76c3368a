// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Text;
using Peregrine.Protobuf.Wire;
using ProtobufFuzz.Messages;
using Label = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using Type = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace ProtobufFuzz;

/// <summary>Measures whether the time that input takes grows with its size: input whose time grows with the square is a means of attack.</summary>
internal sealed class Scaling
{
    private const int Factor = 8;

    // Linear is 8, quadratic 64. In between lie the steps of the garbage collector and of the processor's caches.
    private const double MaxRatio = 36;

    // Shorter times say nothing.
    private static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(10);

    private static readonly ExtensionRegistry Extensions = [NestExtensions.Extended, NestExtensions.ExtendedList, NestExtensions.ExtendedDelimited, Item.Extensions.Item];

    /// <summary>Measures all cases.</summary>
    /// <returns>The exit code of the program.</returns>
    public static int Run()
    {
        int failed = 0;
        int count = 0;
        foreach ((string name, int size, Func<int, Action> prepare) in Cases())
        {
            count++;
            bool isGood = false;
            string figures = "";

            // Other programs on the machine disturb; what is quadratic fails every time.
            for (int tries = 0; tries < 4 && !isGood; tries++)
            {
                TimeSpan large = Measure(prepare(size * Factor));
                TimeSpan small = Measure(prepare(size));
                double ratio = large / (small > Floor ? small : Floor);
                isGood = ratio <= MaxRatio;
                figures = string.Create(CultureInfo.InvariantCulture, $"{small.TotalMilliseconds,7:0} ms {large.TotalMilliseconds,7:0} ms  x{ratio:0.0}");
            }

            failed += isGood ? 0 : 1;
            Console.WriteLine($"{(isGood ? "  " : "! ")}{name,-60} {figures}");
        }

        Console.WriteLine($"scaling: {count} cases, {failed} grow too fast");
        return failed == 0 ? 0 : 1;
    }

    private static TimeSpan Measure(Action action)
    {
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            TimeSpan before = Environment.CpuUsage.UserTime;
            action();
            TimeSpan time = Environment.CpuUsage.UserTime - before;
            best = time < best ? time : best;
        }

        return best;
    }

    private static IEnumerable<(string Name, int Size, Func<int, Action> Prepare)> Cases()
    {
        MessageParser generated = Nest.Parser.WithExtensionRegistry(Extensions);
        MessageParser dynamic = DepthInputs.Pool.FindMessage(Nest.Descriptor.FullName)!.Parser.WithExtensionRegistry(DepthInputs.Pool.ToExtensionRegistry());
        foreach ((string kind, MessageParser parser) in ((string, MessageParser)[])[("generated", generated), ("dynamic", dynamic)])
        {
            // A message that comes in many pieces, with a field between that is not known; each piece makes the message longer.
            byte[] unknown = Field(2000, [7]);
            byte[] piece = Field(11, [1]);
            foreach ((string name, byte[] field) in ((string, byte[])[])
            [
                ("message", Field(1, [.. piece, .. unknown])),
                ("delimited message", [0x1B, .. piece, .. unknown, 0x1C]),
                ("oneof member", Field(5, [.. piece, .. unknown])),
                ("extension", Field(100, [.. piece, .. unknown])),
                ("delimited extension", [0xB3, 0x06, .. piece, .. unknown, 0xB4, 0x06]),
                ("message in a map", Field(4, [8, 1, .. Field(2, [.. piece, .. unknown])])),
                ("message set", Field(8, [0x0B, 0x10, 0xE8, 0x07, .. Field(3, [.. Field(2, [1]), .. unknown]), 0x0C])),
                ("unknown item of a message set", Field(8, [0x0B, 0x10, 0xE9, 0x07, .. Field(3, [1, 2, 3]), 0x0C])),
                ("unknown group", [0xBB, 0x06, 0x08, 0x01, 0xBC, 0x06]),
                ("list in a list", Field(2, Field(2, piece))),
                ("packed run of one", piece),
                ("map with one key", Field(14, [8, 1, 16, 2])),
            ])
            {
                yield return ($"{name} in pieces, {kind}", 40_000, size => () => Use(parser, Repeat(field.Concat(unknown).ToArray(), size)));
            }

            yield return ($"oneof members in turn, {kind}", 40_000, size => () => Use(parser, Repeat([.. Field(5, piece), .. Field(7, [8, 1]), .. Field(6, [65])], size)));

            // .NET's hash of these longs is 0 for each; these ints are in one bucket of its table.
            yield return ($"map of long with keys of one hash, {kind}", 8_000, size => () => Use(parser, Entries(14, size, i => Varint(((ulong)i << 32) | (uint)i))));
            yield return ($"map of int with keys of one bucket, {kind}", 4_000, size => () => Use(parser, Entries(4, size, i => Varint((ulong)i * (ulong)TableSize(size)))));
        }

        JsonParser json = new(JsonParser.Settings.Default.WithTypeRegistry(DepthInputs.Types).WithIgnoreUnknownFields(true));
        yield return ("JSON map of long with keys of one hash", 8_000, size => Json("{\"byNumber\":{" + Join(size, i => $"\"{((long)i << 32) | (uint)i}\":1") + "}}"));
        yield return ("JSON with many unknown members", 40_000, size => Json("{" + Join(size, i => $"\"[none.x{i}]\":{i}") + "}"));
        yield return ("JSON Struct with many members", 20_000, size => Json("{\"value\":{" + Join(size, i => $"\"m{i}\":{i}") + "}}"));
        yield return ("JSON list of Any with the type last", 4_000, size => Json("{\"list\":[" + Join(size, _ => "{\"any\":{\"must\":1,\"@type\":\"a/protobuf_fuzz.Nest\"}}") + "]}"));
        foreach ((string name, string open, string close) in ((string, string, string)[])
        [
            ("first", "{\"@type\":\"a/google.protobuf.Any\",\"value\":", "}"),
            ("last", "{\"value\":", ",\"@type\":\"a/google.protobuf.Any\"}"),
        ])
        {
            // What is in the innermost is one text of the size; the depth is the one that is allowed.
            yield return ($"JSON Any in Any with the type {name}", 20_000, size => Json(
                "{\"any\":" + DepthInputs.Text(open, "{\"@type\":\"a/google.protobuf.ListValue\",\"value\":[" + Join(size, i => "1") + "]}", close, 90) + "}"));
        }

        yield return ("text of many fields", 20_000, size => Text(Join(size, i => $"list{{must:{i}}}", " ")));
        yield return ("text of many parts of a string", 20_000, size => Text("text:" + Join(size, _ => "\"a\"", " ")));
        yield return ("text of many unknown fields", 20_000, size => Text(Join(size, i => $"none{i}{{a:[1,2]}}", " ")));
        yield return ("text of map entries", 20_000, size => Text(Join(size, i => $"by_number{{key:{i} value:1}}", " ")));
        yield return ("text of reserved names", 20_000, ReservedNames);

        yield return ("descriptors: imports and references", 250, size => Pool(Imports(size, 1, absolute: true)));
        yield return ("descriptors: imports and relative references", 250, size => Pool(Imports(size, 1, absolute: false)));
        yield return ("descriptors: files in a chain", 2_000, size => Pool(DepthInputs.Chain(size, isPublic: false)));
        yield return ("descriptors: files in a chain of public imports", 2_000, size => Pool(DepthInputs.Chain(size, isPublic: true)));
        yield return ("descriptors: files that all see the end of a chain", 2_000, size => Pool(DepthInputs.Chain(size, isPublic: true, namesLast: true)));
        yield return ("descriptors: short names in long scopes", 150, size => Pool(LongScopes(size)));
        yield return ("descriptors: enum values of one bucket", 4_000, size => Pool(ValuesOfOneBucket(size)));
        yield return ("descriptors: fields", 10_000, size => Pool(Fields(size)));
        yield return ("descriptors: extensions", 10_000, size => Pool(ManyExtensions(size)));

        Action Json(string text) => () => json.Parse(text, Nest.Descriptor);
        static Action Text(string text) => () => new TextParser(TextParser.Settings.Default.WithIgnoreUnknownFields(true).WithAllowPartial(true)).Parse(text, Nest.Descriptor);
        static Action ReservedNames(int size)
        {
            MessageDescriptor type = DescriptorBuilder.Build(new FileDescriptorProto { Name = "f", MessageType = { Reserved(size) } }, []).MessageTypes[0];
            string text = Join(size, i => $"r{i}:1", " ");
            return () => TextParser.Default.Parse(text, type);
        }

        static Action Pool(FileDescriptorSet set) => () => DescriptorPool.FromFileDescriptorSet(set).ToTypeRegistry();
    }

    // Reads, and does with what was read what a server does with a message.
    private static void Use(MessageParser parser, byte[] input)
    {
        IMessage message = parser.CreateTemplate();
        WireReader reader = new(input, new WireReaderOptions { ExtensionRegistry = Registry(message) });
        message.MergeFrom(ref reader);
        _ = message.ToByteArray();
        _ = message.GetHashCode();
        _ = message.ToString();
    }

    private static ExtensionRegistry Registry(IMessage message) => message is DynamicMessage ? DepthInputs.Pool.ToExtensionRegistry() : Extensions;

    private static byte[] Repeat(byte[] bytes, int count)
    {
        byte[] output = new byte[bytes.Length * count];
        for (int i = 0; i < count; i++)
        {
            bytes.CopyTo(output, i * bytes.Length);
        }

        return output;
    }

    private static byte[] Entries(int field, int count, Func<int, byte[]> key)
    {
        using MemoryStream output = new();
        for (int i = 0; i < count; i++)
        {
            output.Write(Field(field, [8, .. key(i)]));
        }

        return output.ToArray();
    }

    private static byte[] Field(int number, byte[] content) => [.. Varint(((ulong)number << 3) | 2), .. Varint((ulong)content.Length), .. content];

    private static byte[] Varint(ulong value)
    {
        byte[] bytes = new byte[WireSize.UInt64(value)];
        WireWriter writer = new(bytes);
        writer.WriteUInt64Value(value);
        return bytes;
    }

    private static string Join(int count, Func<int, string> part, string separator = ",") =>
        new StringBuilder().AppendJoin(separator, Enumerable.Range(0, count).Select(part)).ToString();

    // How many buckets .NET's dictionary has when that many entries were added one after another.
    private static int TableSize(int count) =>
        ((int[])[3, 7, 17, 37, 89, 197, 431, 919, 1931, 4049, 8419, 17519, 36353, 75431, 156437]).First(size => size >= count);

    private static FieldDescriptorProto NewField(string name, int number, string? typeName = null, string? extendee = null)
    {
        FieldDescriptorProto field = new() { Name = name, Number = number, Label = Label.Optional, Type = typeName is null ? Type.Int32 : Type.Message };
        if (typeName is not null)
        {
            field.TypeName = typeName;
        }

        if (extendee is not null)
        {
            field.Extendee = extendee;
        }

        return field;
    }

    private static FileDescriptorSet Imports(int count, int fieldsEach, bool absolute)
    {
        DescriptorProto user = new() { Name = "User" };
        FileDescriptorProto last = new() { Name = "user", Package = "a.b.c", MessageType = { user } };
        FileDescriptorSet set = new();
        for (int i = 0; i < count * 4; i++)
        {
            set.File.Add(new FileDescriptorProto { Name = $"f{i}", Package = $"a.b{i}", MessageType = { new DescriptorProto { Name = "M" } } });
            last.Dependency.Add($"f{i}");
            for (int j = 0; j < fieldsEach; j++)
            {
                user.Field.Add(NewField($"x{i}_{j}", i * fieldsEach + j + 20_000, absolute ? $".a.b{i}.M" : $"b{i}.M"));
            }
        }

        set.File.Add(last);
        return set;
    }

    private static FileDescriptorSet LongScopes(int count)
    {
        string part = new('m', 500);
        DescriptorProto innermost = new() { Name = part };
        for (int i = 0; i < count; i++)
        {
            innermost.Field.Add(NewField($"f{i}", i + 1, "T"));
        }

        DescriptorProto nested = innermost;
        for (int i = 0; i < 95; i++)
        {
            nested = new DescriptorProto { Name = part, NestedType = { nested } };
        }

        return new FileDescriptorSet { File = { new FileDescriptorProto { Name = "f", MessageType = { nested, new DescriptorProto { Name = "T" } } } } };
    }

    private static FileDescriptorSet ValuesOfOneBucket(int count)
    {
        EnumDescriptorProto type = new() { Name = "E" };
        for (int i = 0; i < count; i++)
        {
            type.Value.Add(new EnumValueDescriptorProto { Name = $"V{i}", Number = unchecked(i * TableSize(count)) });
        }

        return new FileDescriptorSet { File = { new FileDescriptorProto { Name = "f", EnumType = { type } } } };
    }

    private static DescriptorProto Reserved(int count)
    {
        DescriptorProto type = new() { Name = "M" };
        type.ReservedName.Add(Enumerable.Range(0, count).Select(i => $"r{i}"));
        return type;
    }

    private static FileDescriptorSet Fields(int count)
    {
        DescriptorProto type = new() { Name = "M" };
        for (int i = 0; i < count; i++)
        {
            type.Field.Add(NewField($"f{i}", i + 20_000, "M"));
        }

        return new FileDescriptorSet { File = { new FileDescriptorProto { Name = "f", MessageType = { type } } } };
    }

    private static FileDescriptorSet ManyExtensions(int count)
    {
        DescriptorProto type = new() { Name = "M", ExtensionRange = { new DescriptorProto.Types.ExtensionRange { Start = 20_000, End = 1 << 29 } } };
        FileDescriptorProto file = new() { Name = "f", MessageType = { type } };
        for (int i = 0; i < count; i++)
        {
            file.Extension.Add(NewField($"x{i}", i + 20_000, "M", "M"));
        }

        return new FileDescriptorSet { File = { file } };
    }
}
