// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Globalization;
using Peregrine.Protobuf.Reflection;
using Label = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using Type = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Peregrine.Protobuf.Tests.Dynamic;

/// <summary>Makes schemas of every kind of field, and messages of them, from a number: the same one gives the same.</summary>
internal sealed class RandomSchema(int seed)
{
    private const int Messages = 4;
    private const int MostFields = 12;
    private const int Deepest = 4;

    private static readonly Type[] Types = [.. Enum.GetValues<Type>().Where(type => type is not (Type.Message or Type.Group or Type.Enum))];

    private readonly Random _random = new(seed);

    /// <summary>Makes a file of messages that hold each other, built in a pool of its own.</summary>
    public FileDescriptor CreateFile()
    {
        FileDescriptorProto file = new() { Name = "random.proto", Package = "r" };
        string syntax = Pick("proto2", "proto3", "editions");
        file.Syntax = syntax;
        if (syntax == "editions")
        {
            file.Edition = Edition._2023;
        }

        file.EnumType.Add(new EnumDescriptorProto
        {
            Name = "E",
            Value = { new EnumValueDescriptorProto { Name = "ZERO", Number = 0 }, new EnumValueDescriptorProto { Name = "MINUS", Number = -1 }, new EnumValueDescriptorProto { Name = "BIG", Number = int.MaxValue } },
        });
        if (syntax == "editions" && _random.Next(2) == 0)
        {
            file.EnumType[0].Options = new EnumOptions { Features = new FeatureSet { EnumType = FeatureSet.Types.EnumType.Closed } };
        }

        for (int i = 0; i < Messages; i++)
        {
            file.MessageType.Add(CreateMessage($"M{i}", syntax));
        }

        DescriptorPool pool = new();
        return pool.Add(file);
    }

    /// <summary>Sets some of the fields of a message to values that JSON can carry as well.</summary>
    public void Fill(DynamicMessage message, int depth = 0)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.IsRequired && !field.IsMessageKind)
            {
                message.SetField(field, Value(field, depth));
            }
            else if (_random.Next(2) == 0 || (field.IsMessageKind && depth >= Deepest))
            {
                continue;
            }
            else if (field.IsMap)
            {
                IDictionary map = (IDictionary)message.GetField(field)!;
                for (int i = _random.Next(4); i > 0; i--)
                {
                    map[Value(field.MessageType.Fields[1], depth)] = Value(field.MessageType.Fields[2], depth);
                }
            }
            else if (field.IsRepeated)
            {
                IList list = (IList)message.GetField(field)!;
                for (int i = _random.Next(4); i > 0; i--)
                {
                    list.Add(Value(field, depth));
                }
            }
            else
            {
                message.SetField(field, Value(field, depth));
            }
        }
    }

    private DescriptorProto CreateMessage(string name, string syntax)
    {
        DescriptorProto message = new() { Name = name };
        int count = _random.Next(1, MostFields);
        HashSet<int> numbers = [];
        for (int i = 0; i < count; i++)
        {
            int number = _random.Next(3) == 0 ? _random.Next(20_000, 1 << 29) : _random.Next(1, 3000);
            if (!numbers.Add(number))
            {
                continue;
            }

            FieldDescriptorProto field = new() { Name = $"f{i}", Number = number, Label = Label.Optional };
            int kind = _random.Next(10);
            SetType(field, syntax);
            if (kind == 0)
            {
                MakeMap(message, field, syntax);
            }
            else if (kind <= 3)
            {
                field.Label = Label.Repeated;
                if (_random.Next(2) == 0 && IsPackable(field.Type))
                {
                    SetPacked(field, syntax, _random.Next(2) == 0);
                }
            }
            else if (kind == 4 && syntax == "proto2" && field.Type is not (Type.Message or Type.Group))
            {
                field.Label = Label.Required;
            }
            else if (kind <= 6)
            {
                if (message.OneofDecl.Count == 0)
                {
                    message.OneofDecl.Add(new OneofDescriptorProto { Name = "choice" });
                }

                field.OneofIndex = 0;
            }
            else if (kind == 7 && syntax == "editions" && field.Type != Type.Message)
            {
                field.Options = new FieldOptions { Features = new FeatureSet { FieldPresence = field.Type == Type.Enum ? FeatureSet.Types.FieldPresence.Explicit : FeatureSet.Types.FieldPresence.Implicit } };
            }
            else if (syntax == "editions" && field.Type == Type.Message)
            {
                field.Options = new FieldOptions { Features = new FeatureSet { MessageEncoding = FeatureSet.Types.MessageEncoding.Delimited } };
            }

            message.Field.Add(field);
        }

        return message;
    }

    private void SetType(FieldDescriptorProto field, string syntax)
    {
        int kind = _random.Next(6);
        field.Type = kind switch
        {
            0 => Type.Enum,
            1 => syntax == "proto2" && _random.Next(2) == 0 ? Type.Group : Type.Message,
            _ => Types[_random.Next(Types.Length)],
        };
        if (field.Type == Type.Enum)
        {
            field.TypeName = ".r.E";
        }
        else if (field.Type is Type.Message or Type.Group)
        {
            field.TypeName = $".r.M{_random.Next(Messages)}";
        }
    }

    private void MakeMap(DescriptorProto message, FieldDescriptorProto field, string syntax)
    {
        Type[] keys = [.. Types.Where(type => type is not (Type.Double or Type.Float or Type.Bytes))];
        FieldDescriptorProto value = new() { Name = "value", Number = 2, Label = Label.Optional };
        do
        {
            value.ClearTypeName();
            SetType(value, syntax);
        }
        while (value.Type == Type.Group);

        string name = $"F{field.Number}Entry";
        message.NestedType.Add(new DescriptorProto
        {
            Name = name,
            Options = new MessageOptions { MapEntry = true },
            Field = { new FieldDescriptorProto { Name = "key", Number = 1, Label = Label.Optional, Type = keys[_random.Next(keys.Length)] }, value },
        });
        field.Label = Label.Repeated;
        field.Type = Type.Message;
        field.TypeName = $".r.{message.Name}.{name}";
    }

    private static void SetPacked(FieldDescriptorProto field, string syntax, bool packed) => field.Options = syntax == "editions"
        ? new FieldOptions { Features = new FeatureSet { RepeatedFieldEncoding = packed ? FeatureSet.Types.RepeatedFieldEncoding.Packed : FeatureSet.Types.RepeatedFieldEncoding.Expanded } }
        : new FieldOptions { Packed = packed };

    private static bool IsPackable(Type type) => type is not (Type.String or Type.Bytes or Type.Message or Type.Group);

    private object Value(FieldDescriptor field, int depth)
    {
        switch (field.FieldType)
        {
            case FieldType.Double:
                return Pick(0.0, -0.0, 1.5, double.MaxValue, double.Epsilon, double.NegativeInfinity, _random.NextDouble());
            case FieldType.Float:
                return Pick(0f, -0f, 1.5f, float.MaxValue, float.Epsilon, float.PositiveInfinity, _random.NextSingle());
            case FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64:
                return Pick(0L, -1L, long.MinValue, long.MaxValue, _random.NextInt64());
            case FieldType.UInt64 or FieldType.Fixed64:
                return Pick(0UL, 1UL, ulong.MaxValue, (ulong)_random.NextInt64());
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32:
                return Pick(0, -1, int.MinValue, int.MaxValue, _random.Next());
            case FieldType.UInt32 or FieldType.Fixed32:
                return Pick(0U, 1U, uint.MaxValue, (uint)_random.Next());
            case FieldType.Bool:
                return _random.Next(2) == 0;
            case FieldType.String:
                return Pick("", "a", "ä☺😈", _random.Next().ToString(CultureInfo.InvariantCulture));
            case FieldType.Bytes:
                byte[] bytes = new byte[_random.Next(4)];
                _random.NextBytes(bytes);
                return ByteString.CopyFrom(bytes);
            case FieldType.Enum:
                return Pick(0, -1, int.MaxValue);
            default:
                DynamicMessage nested = new(field.MessageType);
                Fill(nested, depth + 1);
                return nested;
        }
    }

    private T Pick<T>(params ReadOnlySpan<T> values) => values[_random.Next(values.Length)];
}
