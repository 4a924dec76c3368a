// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Differencing;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Text;
using Peregrine.Protobuf.WellKnownTypes;
using Peregrine.Protobuf.Wire;
using ProtobufFuzz.Messages;

namespace ProtobufFuzz;

/// <summary>
/// Does everything that can be done with a message on messages that are nested far too deep, on stacks of several sizes. Each ends well or
/// with a documented exception. A stack overflow ends the process, which is why this is a program of its own and no test class.
/// </summary>
internal sealed class Depth(int levels)
{
    private static readonly ExtensionRegistry GeneratedExtensions = [NestExtensions.Extended, NestExtensions.ExtendedList, NestExtensions.ExtendedDelimited, Item.Extensions.Item];
    private static readonly TypeRegistry AllTypes = TypeRegistry.FromFiles([NestReflection.Descriptor, .. DepthInputs.Pool.Files]);
    private static readonly JsonFormatter JsonWriter = new(JsonFormatter.Settings.Default.WithTypeRegistry(AllTypes));
    private static readonly TextFormatter TextWriter = new(TextFormatter.Settings.Default.WithTypeRegistry(AllTypes));

    // The first is that of a program that sets it small, the second that of .NET's threads, the third that of a program's first thread.
    private static readonly int[] StackSizes = [256 << 10, 3 << 19, 8 << 20];

    // On such a stack as many levels are read, for what is done with them on smaller ones.
    private const int LargeStack = 1 << 28;
    private const int ReadLevels = 30_000;

    private readonly SortedDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private int _failed;

    /// <summary>Runs all cases.</summary>
    /// <returns>The exit code of the program.</returns>
    public int Run()
    {
        foreach ((string name, IMessage message, IMessage same) in Built())
        {
            DoAll($"built {name}", message, same);
        }

        foreach ((string name, string typeName, (uint, byte[])[] tags) in DepthInputs.WirePatterns)
        {
            byte[] input = DepthInputs.Wire(tags, levels);
            byte[] lessDeep = DepthInputs.Wire(tags, ReadLevels);
            foreach ((string kind, MessageParser parser) in ParsersOf(typeName))
            {
                Do($"parse {name}, {kind}", () => Parse(parser, input, int.MaxValue));
                Do($"parse {name}, {kind}, default limit", () => Parse(parser, input, WireReaderOptions.DefaultRecursionLimit));
                IMessage? read = null;
                Do($"parse {name}, {kind}, large stack", () => read = ParsePartial(parser, lessDeep), LargeStack);
                if (read is not null)
                {
                    DoAll($"parsed {name}, {kind}", read, read);
                }
            }
        }

        Texts();
        Descriptors();
        foreach ((string outcome, int count) in _outcomes)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,6} {outcome}"));
        }

        Console.WriteLine($"depth: {_outcomes.Values.Sum()} cases, {_failed} failed");
        return _failed == 0 ? 0 : 1;
    }

    private IEnumerable<(string Name, IMessage Message, IMessage Same)> Built()
    {
        foreach (MessageDescriptor type in (MessageDescriptor[])[Nest.Descriptor, DepthInputs.Pool.FindMessage(Nest.Descriptor.FullName)!])
        {
            string kind = type.ClrType is null ? "dynamic" : "generated";
            foreach (string field in (string[])["child", "list", "delimited", "map", "chosen", "extended", "extended_list", "extended_delimited"])
            {
                yield return ($"{field}, {kind}", DepthInputs.Chain(type, field, levels, true), DepthInputs.Chain(type, field, levels, true));
            }

            IMessage missing = DepthInputs.Chain(type, "child", levels, false);
            yield return ($"chain without required fields, {kind}", missing, missing);
        }

        yield return ("message set", MessageSet(), MessageSet());
        yield return ("Value", NestedValue(), NestedValue());
    }

    private Item MessageSet()
    {
        Item item = new();
        for (int i = 0; i < levels; i++)
        {
            Set set = new();
            set.SetExtension(Item.Extensions.Item, item);
            item = new Item { Set = set };
        }

        return item;
    }

    private Value NestedValue()
    {
        var value = Value.ForBool(true);
        for (int i = 0; i < levels; i++)
        {
            value = i % 2 == 0 ? Value.ForList(value) : Value.ForStruct(new Struct { Fields = { ["a"] = value } });
        }

        return value;
    }

    private static IEnumerable<(string Kind, MessageParser Parser)> ParsersOf(string typeName)
    {
        MessageParser generated = DepthInputs.Types.Find("protobuf_fuzz." + typeName)!.Parser;
        yield return ("generated", generated);
        yield return ("generated without unknown fields", generated.WithDiscardUnknownFields(true));
        yield return ("generated with extensions", generated.WithExtensionRegistry(GeneratedExtensions));
        yield return ("dynamic with extensions", DepthInputs.Pool.FindMessage("protobuf_fuzz." + typeName)!.Parser.WithExtensionRegistry(DepthInputs.Pool.ToExtensionRegistry()));
    }

    private static IMessage Parse(MessageParser parser, byte[] input, int limit)
    {
        using var stream = CodedInputStream.CreateWithLimits(new MemoryStream(input), int.MaxValue, limit);
        return parser.ParseFrom(stream);
    }

    // What is read has not got the required fields.
    private static IMessage ParsePartial(MessageParser parser, byte[] input)
    {
        IMessage message = parser.CreateTemplate();
        WireReader reader = new(input, new WireReaderOptions
        {
            RecursionLimit = int.MaxValue,
            ExtensionRegistry = message is DynamicMessage ? DepthInputs.Pool.ToExtensionRegistry() : GeneratedExtensions,
        });
        message.MergeFrom(ref reader);
        return message;
    }

    private void DoAll(string name, IMessage message, IMessage same)
    {
        Do($"{name}: CalculateSize", () => message.CalculateSize());
        Do($"{name}: ToByteArray", () => message.ToByteArray());
        Do($"{name}: WriteTo without CalculateSize", () =>
        {
            WireWriter writer = new(new ArrayBufferWriter<byte>());
            message.WriteTo(ref writer);
        });
        Do($"{name}: Clone", () => _ = message switch
        {
            Nest nest => new Nest(nest),
            Item item => item.Clone(),
            Set set => set.Clone(),
            Value value => value.Clone(),
            DynamicMessage dynamic => (object)dynamic.Clone(),
            _ => throw new ArgumentOutOfRangeException(nameof(message)),
        });
        Do($"{name}: MergeFrom", () =>
        {
            // Into a message that has the same fields: one level into the other.
            switch (message)
            {
                case Nest nest:
                    nest.MergeFrom((Nest)same);
                    break;
                case Item item:
                    item.MergeFrom((Item)same);
                    break;
                case Set set:
                    set.MergeFrom((Set)same);
                    break;
                case Value value:
                    value.MergeFrom((Value)same);
                    break;
                case DynamicMessage dynamic:
                    dynamic.MergeFrom((DynamicMessage)same);
                    break;
            }
        });
        Do($"{name}: Equals", () => message.Equals(same));
        Do($"{name}: GetHashCode", () => message.GetHashCode());
        Do($"{name}: IsInitialized", () => message.IsInitialized());
        Do($"{name}: ToString", () => message.ToString());
        Do($"{name}: JSON", () => JsonWriter.Format(message));
        Do($"{name}: text", () => TextWriter.Format(message));
        Do($"{name}: MessageDifferencer.AreEqual", () => new MessageDifferencer().AreEqual(message, same));
        Do($"{name}: MessageDifferencer.Compare", () => new MessageDifferencer { IgnoreOrder = true }.Compare(message, same));
        Do($"{name}: FieldMask.Merge", () =>
        {
            FieldMask mask = new() { Paths = { message.Descriptor.Fields.InFieldNumberOrder().Select(field => field.Name) } };
            mask.Merge(message, message.Descriptor.Parser.CreateTemplate());
        });
        Do($"{name}: Any.Pack", () => Any.Pack(message));
    }

    private void Texts()
    {
        JsonParser.Settings json = JsonParser.Settings.Default.WithTypeRegistry(AllTypes).WithIgnoreUnknownFields(true);
        foreach ((string name, string typeName, string open, string inside, string close) in ((string, string, string, string, string)[])
        [
            ("child", "protobuf_fuzz.Nest", "{\"child\":", "{}", "}"),
            ("list", "protobuf_fuzz.Nest", "{\"list\":[", "{}", "]}"),
            ("map", "protobuf_fuzz.Nest", "{\"map\":{\"1\":", "{}", "}}"),
            ("extension", "protobuf_fuzz.Nest", "{\"[protobuf_fuzz.extended]\":", "{}", "}"),
            ("unknown", "protobuf_fuzz.Nest", "{\"none\":", "{}", "}"),
            ("Struct", "google.protobuf.Value", "{\"a\":", "1", "}"),
            ("ListValue", "google.protobuf.Value", "[", "1", "]"),
            ("Any in Any", "google.protobuf.Any", "{\"@type\":\"a/google.protobuf.Any\",\"value\":", "{}", "}"),
            ("Any in Any, type last", "google.protobuf.Any", "{\"value\":", "{}", ",\"@type\":\"a/google.protobuf.Any\"}"),
            ("Any in a message", "google.protobuf.Any", "{\"@type\":\"a/protobuf_fuzz.Nest\",\"must\":1,\"any\":", "{}", "}"),
        ])
        {
            string text = DepthInputs.Text(open, inside, close, levels);
            MessageDescriptor type = AllTypes.Find(typeName)!;
            Do($"JSON {name}", () => new JsonParser(json.WithRecursionLimit(int.MaxValue)).Parse(text, type));
            Do($"JSON {name}, dynamic", () => new JsonParser(json.WithRecursionLimit(int.MaxValue)).Merge(new DynamicMessage(type), text));
            Do($"JSON {name}, default limit", () => new JsonParser(json).Parse(text, type));
        }

        TextParser.Settings settings = TextParser.Settings.Default.WithTypeRegistry(AllTypes).WithIgnoreUnknownFields(true).WithAllowPartial(true);
        foreach ((string name, string typeName, string open, string close) in ((string, string, string, string)[])
        [
            ("child", "protobuf_fuzz.Nest", "child{", "}"),
            ("list", "protobuf_fuzz.Nest", "list:[{", "}]"),
            ("map", "protobuf_fuzz.Nest", "map<value<", ">>"),
            ("extension", "protobuf_fuzz.Nest", "[protobuf_fuzz.extended]{", "}"),
            ("unknown message", "protobuf_fuzz.Nest", "none{", "}"),
            ("unknown list", "protobuf_fuzz.Nest", "none:[{", "}]"),
            ("Any in Any", "google.protobuf.Any", "[a.b/google.protobuf.Any]{", "}"),
        ])
        {
            string text = DepthInputs.Text(open, "", close, levels);
            MessageDescriptor type = AllTypes.Find(typeName)!;
            Do($"text {name}", () => new TextParser(settings.WithRecursionLimit(int.MaxValue)).Parse(text, type));
            Do($"text {name}, dynamic", () => new TextParser(settings.WithRecursionLimit(int.MaxValue)).Merge(new DynamicMessage(type), text));
            Do($"text {name}, default limit", () => new TextParser(settings).Parse(text, type));
        }
    }

    private void Descriptors()
    {
        FileDescriptorProto nested = DepthInputs.NestedTypes(levels);
        Do("descriptor of nested types", () => new DescriptorPool().Add(nested));
        Do("descriptor set of nested types", () => DescriptorPool.FromFileDescriptorSet(new FileDescriptorSet { File = { nested } }));
        foreach (bool isPublic in (bool[])[false, true])
        {
            int files = Math.Min(levels, isPublic ? 5_000 : 100_000);
            FileDescriptorSet chain = DepthInputs.Chain(files, isPublic);
            Do($"descriptor set of imports in a chain, {(isPublic ? "public" : "private")}", () =>
            {
                var pool = DescriptorPool.FromFileDescriptorSet(chain);
                FileDescriptor last = pool.FindFile($"f{files}")!;
                _ = pool.ToTypeRegistry();
                _ = new DynamicMessage(last.MessageTypes[0]).ToString();
                _ = DescriptorBuilder.Build(new FileDescriptorProto { Name = "user", Dependency = { last.Name } }, [last]);
                new DescriptorPool().Add(last);
            });
        }
    }

    private void Do(string name, Action action)
    {
        foreach (int stack in StackSizes)
        {
            Do($"{name} on a stack of {stack >> 10} KiB", action, stack);
        }
    }

    private void Do(string name, Action action, int stack)
    {
        // When the process dies, the last line of the output says at what.
        Console.Error.WriteLine(name);
        string outcome = "well";
        Exception? wrong = null;
        Thread thread = new(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception e) when (e is InvalidOperationException or InvalidProtocolBufferException or InvalidTextFormatException or InvalidJsonException or DescriptorValidationException)
                {
                    outcome = $"{e.GetType().Name}: {new string([.. e.Message.Where(c => !char.IsAsciiDigit(c)).Take(60)])}";
                }
                catch (Exception e)
                {
                    wrong = e;
                }
            },
            stack);
        long began = Environment.TickCount64;
        thread.Start();
        thread.Join();
        long taken = Environment.TickCount64 - began;
        if (wrong is not null || taken > 20_000)
        {
            _failed++;
            Console.WriteLine($"FAILED {name}: {(wrong is null ? $"it took {taken} ms" : wrong)}");
        }

        _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
    }
}
