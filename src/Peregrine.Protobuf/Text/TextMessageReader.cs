// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Text;

/// <summary>
/// Reads text format into a message: names, lists, maps, extensions and expanded <c>Any</c>. Scalars go to
/// <see cref="TextScalarReader"/>, what is passed over to <see cref="TextSkipper"/>.
/// </summary>
/// <remarks>Each method is entered on the first token of what it reads and left on the token behind it.</remarks>
internal ref struct TextMessageReader
{
    private readonly TextParser.Settings _settings;
    private readonly FieldPath _path;
    private TextTokenizer _tokens;
    private int _depth;

    public TextMessageReader(ReadOnlySpan<byte> text, TextParser.Settings settings)
    {
        _settings = settings;
        _path = new FieldPath();
        _tokens = new TextTokenizer(text, _path, settings.FollowProtoc);
    }

    public void Read(IMessage message)
    {
        _tokens.Next();
        SeenFields seen = NewSeenFields(message.Descriptor);
        while (_tokens.Kind != TextTokenKind.End)
        {
            ReadField(message, ref seen);
        }

        if (!_settings.AllowPartial)
        {
            RequiredFields.Check(message);
        }
    }

    private static SeenFields NewSeenFields(MessageDescriptor type) => new(type.Fields.ByNumber.Length, type.Oneofs.Count);

    /// <summary>Reads a message in its braces or angle brackets.</summary>
    private void ReadBody(IMessage message)
    {
        char close = Open();
        SeenFields seen = NewSeenFields(message.Descriptor);
        while (!TryClose(close))
        {
            ReadField(message, ref seen);
        }
    }

    private char Open()
    {
        TextSkipper.CheckDepth(ref _tokens, ++_depth, _settings.RecursionLimit);
        return TextSkipper.Open(ref _tokens);
    }

    private bool TryClose(char close)
    {
        if (!TextSkipper.TryClose(ref _tokens, close))
        {
            return false;
        }

        _depth--;
        return true;
    }

    private void ReadField(IMessage message, ref SeenFields seen)
    {
        if (_tokens.IsAt('[') && message.Descriptor.WellKnownType == WellKnownTypeKind.Any)
        {
            ReadExpandedAny(message, ref seen);
        }
        else if (ReadName(message.Descriptor) is { } field)
        {
            _path.Push(field.IsExtension ? $"[{field.FullName}]" : field.Name);
            Note(field, ref seen);
            SkipColon(field);
            if (!field.IsRepeated)
            {
                ReadSingular(message, field);
            }
            else if (_tokens.IsAt('['))
            {
                ReadList(message, field);
            }
            else
            {
                ReadElement(message, field);
            }

            _path.Pop();
            if (_settings.FollowProtoc && !field.HasPresence && !field.IsRepeated && !message.HasField(field.FieldNumber))
            {
                // protoc cannot tell that such a field was given.
                seen.Forget(field);
            }
        }

        TextSkipper.SkipSeparator(ref _tokens);
    }

    /// <summary>Reads the name of a field; null if the field is to be ignored, which then was passed over with its value.</summary>
    private FieldDescriptor? ReadName(MessageDescriptor type)
    {
        (int line, int column) = _tokens.TokenPlace;
        InvalidTextFormatException? unknown = null;
        FieldDescriptor? field;
        string name;
        if (_tokens.IsAt('['))
        {
            TextTokenizer start = _tokens;
            name = _tokens.ReadBracketed();
            if (!DescriptorNames.IsFullIdentifier(name))
            {
                throw start.Error(name.Contains('/', StringComparison.Ordinal)
                    ? $"\"[{name}]\" is the URL of a type, which stands in a google.protobuf.Any only; this is a {type.FullName}."
                    : $"\"[{name}]\" is not the full name of an extension.");
            }

            field = TextNames.FindExtension(_settings.TypeRegistry, type, name);
            if (field is null)
            {
                unknown = start.Error($"\"{name}\" is not an extension of {type.FullName} that is known here.");
            }
        }
        else
        {
            if (_tokens.Kind != TextTokenKind.Identifier && !(_tokens.Kind == TextTokenKind.Integer && _settings.IgnoreUnknownFields))
            {
                throw _tokens.Error($"Expected the name of a field of {type.FullName}, found {_tokens.Shown}.");
            }

            name = _tokens.TokenText;
            field = TextNames.FindField(type, name);
            if (field is null && !type.IsReservedName(name))
            {
                unknown = _tokens.Error($"{type.FullName} has no field \"{name}\".");
            }

            _tokens.Next();
        }

        if (field is null)
        {
            if (unknown is not null && !_settings.IgnoreUnknownFields)
            {
                throw unknown;
            }

            TextSkipper.SkipFieldBehindName(ref _tokens, _settings.RecursionLimit, _depth);
            return null;
        }

        if (field.Proto.Options is { Deprecated: true })
        {
            _settings.WarningHandler?.Invoke(new TextWarning(line, column, $"text format contains deprecated field \"{name}\""));
        }

        return field;
    }

    private void Note(FieldDescriptor field, ref SeenFields seen)
    {
        if (_settings.AllowSingularOverwrites)
        {
            return;
        }

        if (!field.IsRepeated && !seen.AddField(field))
        {
            throw _tokens.Error($"Field \"{field.Name}\" of {(field.IsExtension ? field.ExtendeeType : field.ContainingType).FullName} is given twice.");
        }

        if (!seen.AddOneof(field))
        {
            throw _tokens.Error($"Oneof \"{field.ContainingOneof!.Name}\" of {field.ContainingType.FullName} is given two fields.");
        }
    }

    /// <summary>The colon may be left out before messages only.</summary>
    private void SkipColon(FieldDescriptor field)
    {
        if (_tokens.IsAt(':'))
        {
            _tokens.Next();
        }
        else if (!field.IsMessageKind)
        {
            throw _tokens.Error($"Expected \":\" behind the name of a field, found {_tokens.Shown}.");
        }
    }

    private void ReadSingular(IMessage message, FieldDescriptor field)
    {
        if (field.IsExtension)
        {
            var extended = (IExtendable)message;
            IExtensionSet extensions = extended.GetOrCreateExtensions();
            Extension extension = field.ExtensionOf(extended);
            if (TryReadValue(message, field, extensions.Has(extension) ? extensions.Get(extension) : null, out object? value))
            {
                extensions.Set(extension, value!);
            }
        }
        else if (TryReadValue(message, field, message.HasField(field.FieldNumber) ? message.GetField(field.FieldNumber) : null, out object? value))
        {
            message.SetField(field.FieldNumber, value);
        }
    }

    private void ReadList(IMessage message, FieldDescriptor field)
    {
        _tokens.Next();
        if (_tokens.IsAt(']'))
        {
            _tokens.Next();
            return;
        }

        while (true)
        {
            ReadElement(message, field);
            if (_tokens.IsAt(']'))
            {
                _tokens.Next();
                return;
            }

            if (!_tokens.IsAt(','))
            {
                throw _tokens.Error($"Expected \",\" or \"]\" in a list, found {_tokens.Shown}.");
            }

            _tokens.Next();
        }
    }

    private void ReadElement(IMessage message, FieldDescriptor field)
    {
        if (field.IsMap)
        {
            ReadMapEntry(message, field, (IDictionary)message.GetField(field.FieldNumber)!);
            return;
        }

        IList list = field.IsExtension
            ? ((IExtendable)message).GetOrCreateExtensions().GetOrCreateList(field.ExtensionOf((IExtendable)message))
            : (IList)message.GetField(field.FieldNumber)!;
        _path.PushIndex(list.Count);
        if (TryReadValue(message, field, null, out object? value))
        {
            list.Add(value);
        }

        _path.Pop();
    }

    private void ReadMapEntry(IMessage message, FieldDescriptor field, IDictionary map)
    {
        MessageDescriptor entry = field.MessageType;
        FieldDescriptor keyField = entry.Fields[WellKnownFields.MapKey];
        FieldDescriptor valueField = entry.Fields[WellKnownFields.MapValue];
        SeenFields seen = NewSeenFields(entry);
        object? key = keyField.DefaultValue;
        object? value = null;
        bool isIgnored = false;
        char close = Open();
        while (!TryClose(close))
        {
            if (ReadName(entry) is { } part)
            {
                _path.Push(part.Name);
                Note(part, ref seen);
                SkipColon(part);
                isIgnored |= !TryReadValue(message, part, null, out object? read);
                _ = ReferenceEquals(part, keyField) ? key = read : value = read;
                _path.Pop();
            }

            TextSkipper.SkipSeparator(ref _tokens);
        }

        if (!isIgnored)
        {
            map[key!] = value ?? DefaultMapValue(message, valueField);
        }
    }

    private static object? DefaultMapValue(IMessage container, FieldDescriptor field) =>
        !field.IsMessageKind ? field.DefaultValue
        : field.IsWrapper ? field.MessageType.Fields[WellKnownFields.WrapperValue].DefaultValue
        : MessageFactory.CreateInside(container, field.MessageType);

    /// <summary>Reads a singular value; false for an unknown enum name that is to be ignored.</summary>
    private bool TryReadValue(IMessage container, FieldDescriptor field, object? existing, out object? value)
    {
        if (!field.IsMessageKind)
        {
            return TextScalarReader.TryRead(ref _tokens, field, _settings.IgnoreUnknownFields, out value);
        }

        MessageDescriptor type = field.MessageType;
        IMessage message = existing as IMessage ?? MessageFactory.CreateInside(container, type);
        if (field.IsWrapper && existing is not null)
        {
            // A message holds a wrapper as its bare value.
            message.SetField(WellKnownFields.WrapperValue, existing);
        }

        ReadBody(message);
        value = field.IsWrapper ? message.GetField(WellKnownFields.WrapperValue) : message;
        return true;
    }

    /// <summary>Reads <c>[type.googleapis.com/some.Type] { ... }</c> into an <c>Any</c>.</summary>
    private void ReadExpandedAny(IMessage message, ref SeenFields seen)
    {
        TextTokenizer start = _tokens;
        string url = _tokens.ReadBracketed();
        if (!TextNames.IsTypeUrl(url))
        {
            throw start.Error($"\"[{url}]\" is not the URL of a type: a prefix, a slash and a full name, such as type.googleapis.com/my.Type.");
        }

        MessageDescriptor descriptor = message.Descriptor;
        if ((!seen.AddField(descriptor.Fields[WellKnownFields.AnyTypeUrl]) | !seen.AddField(descriptor.Fields[WellKnownFields.AnyValue]))
            && !_settings.AllowSingularOverwrites)
        {
            throw start.Error("The content of an Any is given twice.");
        }

        if (_tokens.IsAt(':'))
        {
            _tokens.Next();
        }

        string typeName = TypeUrl.TypeNameOf(url).ToString();
        MessageDescriptor type = _settings.TypeRegistry.Find(typeName)
            ?? throw start.Error($"The type registry lacks \"{typeName}\", the type of an Any.");
        IMessage content = MessageFactory.CreateInside(message, type);
        _path.Push($"[{url}]");
        ReadBody(content);
        if (!_settings.AllowPartial && !content.IsInitialized())
        {
            throw start.Error($"The {typeName} in an Any lacks required fields: {RequiredFields.MissingIn(content)}.");
        }

        _path.Pop();
        message.SetField(WellKnownFields.AnyTypeUrl, url);
        message.SetField(WellKnownFields.AnyValue, content.ToByteString());
    }
}
