// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Symbols;

/// <summary>What options can be written on; the numbers are those of <c>FieldOptions.OptionTargetType</c>.</summary>
internal enum OptionTarget
{
    Unknown = 0,
    File = 1,
    ExtensionRange = 2,
    Message = 3,
    Field = 4,
    Oneof = 5,
    Enum = 6,
    EnumValue = 7,
    Service = 8,
    Method = 9,
}

/// <summary>The options of one symbol: as they are written, and what they mean.</summary>
/// <param name="target">What they are written on.</param>
/// <param name="syntax">The options as they are written.</param>
internal sealed class OptionSet(OptionTarget target, List<OptionSyntax> syntax)
{
    private static readonly List<OptionSyntax> NoSyntax = [];
    private static readonly Dictionary<OptionSyntax, int[]> NoPaths = [];
    private static readonly OptionSet[] EmptySets = [.. Enum.GetValues<OptionTarget>().Select(static target => new OptionSet(target, NoSyntax))];

    private OptionMessage? _kept;

    public OptionTarget Target => target;

    public List<OptionSyntax> Syntax { get; } = syntax;

    /// <summary>The message of options; null until there is one.</summary>
    public OptionMessage? Value { get; set; }

    /// <summary>What of <see cref="Value"/> stays in descriptors; ask only when all options have been read.</summary>
    public OptionMessage? Kept => _kept ??= Value is null ? null : OptionRules.Strip(Value);

    /// <summary>The options of a file that came as a descriptor; null for one with text, and where there are none.</summary>
    public byte[]? Serialized { get; init; }

    /// <summary>Where each option went: the path below the options' own field, for source info. No entry: it was stripped.</summary>
    public Dictionary<OptionSyntax, int[]> Paths { get; } = syntax.Count == 0 ? NoPaths : [];

    /// <summary>The full name of the message that holds such options.</summary>
    public string MessageName => target switch
    {
        OptionTarget.File => "google.protobuf.FileOptions",
        OptionTarget.ExtensionRange => "google.protobuf.ExtensionRangeOptions",
        OptionTarget.Message => "google.protobuf.MessageOptions",
        OptionTarget.Field => "google.protobuf.FieldOptions",
        OptionTarget.Oneof => "google.protobuf.OneofOptions",
        OptionTarget.Enum => "google.protobuf.EnumOptions",
        OptionTarget.EnumValue => "google.protobuf.EnumValueOptions",
        OptionTarget.Service => "google.protobuf.ServiceOptions",
        _ => "google.protobuf.MethodOptions",
    };

    public string TargetName => target switch
    {
        OptionTarget.ExtensionRange => "extension range",
        OptionTarget.EnumValue => "enum value",
        _ => target.ToString().ToLowerInvariant(),
    };

    /// <summary>The set of something without options.</summary>
    public static OptionSet Empty(OptionTarget target) => EmptySets[(int)target];

    /// <summary>The set without what is written, which only the file itself needs, and without what it means, if no other file needs that.</summary>
    /// <param name="keptOptions">The numbers of the options that other files ask for.</param>
    public OptionSet WithoutText(params ReadOnlySpan<int> keptOptions)
    {
        foreach (int number in keptOptions)
        {
            if (Value?.Has(number) == true)
            {
                return new OptionSet(target, NoSyntax) { Value = Value };
            }
        }

        return Empty(target);
    }

    /// <summary>The first option of that plain name, or null.</summary>
    public OptionSyntax? Find(string name) =>
        Syntax.Find(option => option.Name.Count == 1 && !option.Name[0].IsExtension && option.Name[0].Text == name);

    public bool GetBool(int number) => Value?.Get(number) is true;

    public object? Get(int number) => Value?.Get(number);
}
