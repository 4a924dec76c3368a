// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.Emit;

/// <summary>
/// Writes the <c>google.protobuf.SourceCodeInfo</c> of a file that came as a descriptor: the one that it had, without the places of options
/// that are left out.
/// </summary>
internal sealed class DescriptorSourceInfo
{
    private readonly HashSet<string> _stripped = [];
    private readonly List<int> _path = [];

    /// <summary>Writes it; null if the descriptor has none.</summary>
    public static byte[]? Emit(FileSymbol file, bool retainSourceOptions)
    {
        SourceCodeInfo? info = file.Source.Descriptor!.SourceCodeInfo;
        if (info is null || retainSourceOptions)
        {
            return info?.ToByteArray();
        }

        DescriptorSourceInfo emitter = new();
        emitter.FindInFile(file);
        if (emitter._stripped.Count == 0)
        {
            return info.ToByteArray();
        }

        SourceCodeInfo kept = info.Clone();
        kept.Location.Clear();
        foreach (SourceCodeInfo.Types.Location location in info.Location)
        {
            if (!emitter.IsStripped(location.Path))
            {
                kept.Location.Add(location);
            }
        }

        return kept.ToByteArray();
    }

    private bool IsStripped(RepeatedField<int> path)
    {
        string prefix = "";
        for (int i = 0; i < path.Count; i++)
        {
            prefix += path[i] + ".";
            if (_stripped.Contains(prefix))
            {
                return true;
            }
        }

        return false;
    }

    private void FindInFile(FileSymbol file)
    {
        Options(8, file);
        Each(4, file.Messages, FindInMessage);
        Each(5, file.Enums, FindInEnum);
        Each(6, file.Services, service =>
        {
            Options(3, service);
            Each(2, service.Methods, method => Options(4, method));
        });
        Each(7, file.Extensions, field => Options(8, field));
    }

    private void FindInMessage(MessageSymbol message)
    {
        Options(7, message);
        Each(2, message.Fields, field => Options(8, field));
        Each(3, message.Messages, FindInMessage);
        Each(4, message.Enums, FindInEnum);
        Each(5, message.ExtensionRanges, range => Options(3, range));
        Each(6, message.Extensions, field => Options(8, field));
        Each(8, message.Oneofs, oneof => Options(2, oneof));
    }

    private void FindInEnum(EnumSymbol symbol)
    {
        Options(3, symbol);
        Each(2, symbol.Values, value => Options(3, value));
    }

    private void Each<T>(int number, List<T> symbols, System.Action<T> find)
    {
        for (int i = 0; i < symbols.Count; i++)
        {
            _path.AddRange([number, i]);
            find(symbols[i]);
            _path.RemoveRange(_path.Count - 2, 2);
        }
    }

    private void Options(int number, Symbol symbol)
    {
        if (symbol.Options.Value is not { IsEmpty: false } value)
        {
            return;
        }

        _path.Add(number);
        FindInOptions(value);
        if (symbol.Options.Kept is { IsEmpty: true })
        {
            Strip();
        }

        _path.RemoveAt(_path.Count - 1);
    }

    private void FindInOptions(OptionMessage message)
    {
        foreach (OptionField entry in message.Fields)
        {
            _path.Add(entry.Field.Number);
            if (OptionRules.IsSourceOnly(entry.Field))
            {
                Strip();
            }
            else if (!entry.Field.IsDelimited && entry.Field.IsMessage)
            {
                for (int i = 0; i < entry.Values.Count; i++)
                {
                    if (entry.Field.IsRepeated)
                    {
                        _path.Add(i);
                        FindInOptions((OptionMessage)entry.Values[i]);
                        _path.RemoveAt(_path.Count - 1);
                    }
                    else
                    {
                        FindInOptions((OptionMessage)entry.Values[i]);
                    }
                }
            }

            _path.RemoveAt(_path.Count - 1);
        }
    }

    private void Strip() => _stripped.Add(string.Join('.', _path) + ".");
}
