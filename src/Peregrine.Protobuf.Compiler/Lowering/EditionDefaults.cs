// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;
using Peregrine.Protobuf.Literals;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>
/// Which features hold in an edition where nothing else is said: what <c>edition_defaults</c> at the fields of <c>FeatureSet</c> say, in
/// the descriptor.proto that comes with the compiler. One of the user's own has no say in it, as for protoc. It is read once a process,
/// from the syntax tree: features of descriptor.proto itself are asked for while it is being lowered.
/// </summary>
internal sealed class EditionDefaults
{
    private static readonly Lazy<EditionDefaults> BuiltIn = new(Read, LazyThreadSafetyMode.ExecutionAndPublication);

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<(int Edition, int Value)>> _defaults = [];
    private readonly TokenList _tokens;

    private EditionDefaults(SyntaxTree tree)
    {
        _tokens = tree.Tokens;
        foreach (SyntaxNode member in tree.Root.Members)
        {
            if (member is EnumSyntax { Name.Text: "Edition" } editions)
            {
                AddNumbers(editions);
            }
            else if (member is MessageSyntax { Name.Text: "FeatureSet" } features)
            {
                AddNumbers(features);
                AddDefaults(features);
            }
        }
    }

    /// <summary>The defaults of an edition.</summary>
    public static FeatureValues For(SourceEdition edition)
    {
        EditionDefaults defaults = BuiltIn.Value;
        return FeatureValues.Unknown.With(feature => defaults.Value(feature, edition));
    }

    private static EditionDefaults Read()
    {
        SourceFile source = ImportResolver.ReadBuiltInDescriptor();
        return new EditionDefaults(SyntaxTree.Parse(source, new DiagnosticBag(source, source.Path)));
    }

    // The default of the last edition that is not later.
    private int Value(int feature, SourceEdition edition)
    {
        int latest = -1;
        int value = 0;
        foreach ((int since, int number) in _defaults.GetValueOrDefault(feature) ?? [])
        {
            if (since <= (int)edition && since > latest)
            {
                (latest, value) = (since, number);
            }
        }

        return value;
    }

    private void AddNumbers(MessageSyntax message)
    {
        foreach (SyntaxNode member in message.Members)
        {
            if (member is EnumSyntax values)
            {
                AddNumbers(values);
            }
            else if (member is MessageSyntax nested)
            {
                AddNumbers(nested);
            }
        }
    }

    // Values of different enums have different names, but for those that nothing mentions: unknown ones.
    private void AddNumbers(EnumSyntax values)
    {
        foreach (SyntaxNode member in values.Members)
        {
            if (member is EnumValueSyntax value)
            {
                _numbers[value.Name.Text] = value.Number;
            }
        }
    }

    private void AddDefaults(MessageSyntax features)
    {
        foreach (SyntaxNode member in features.Members)
        {
            if (member is not FieldSyntax { Options: { } options } field)
            {
                continue;
            }

            List<(int Edition, int Value)> defaults = [];
            foreach (SyntaxNode entry in options.Entries)
            {
                if (entry is OptionSyntax { Name: [{ Text: "edition_defaults" }], Kind: OptionValueKind.Aggregate } option)
                {
                    defaults.Add(ReadDefault(option));
                }
            }

            _defaults[field.Number] = defaults;
        }
    }

    // { edition: EDITION_2023, value: "EXPLICIT" }
    private (int Edition, int Value) ReadDefault(OptionSyntax option)
    {
        int edition = 0;
        int value = 0;
        for (int token = option.ValueToken; token < option.ValueEnd; token++)
        {
            if (_tokens[token].Kind == TokenKind.String)
            {
                ArrayBufferWriter<byte> name = new();
                TextLiterals.Unquote(_tokens.Bytes(token), name);
                value = _numbers[Encoding.UTF8.GetString(name.WrittenSpan)];
            }
            else if (_numbers.TryGetValue(_tokens.Text(token), out int number))
            {
                edition = number;
            }
        }

        return (edition, value);
    }
}
