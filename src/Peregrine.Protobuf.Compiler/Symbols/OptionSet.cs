// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Lowering;
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
internal sealed class OptionSet(OptionTarget target)
{
    public static readonly OptionSet None = new(OptionTarget.Unknown);

    private OptionMessage? _kept;

    public OptionTarget Target => target;

    public List<OptionSyntax> Syntax { get; } = [];

    /// <summary>The message of options; null until there is one.</summary>
    public OptionMessage? Value { get; set; }

    /// <summary>What of <see cref="Value"/> stays in descriptors; ask only when all options have been read.</summary>
    public OptionMessage? Kept => _kept ??= Value is null ? null : OptionRules.Strip(Value);

    /// <summary>The options of a file that came as a descriptor; null for one with text, and where there are none.</summary>
    public byte[]? Serialized { get; init; }

    /// <summary>Where each option went: the path below the options' own field, for source info. No entry: it was stripped.</summary>
    public Dictionary<OptionSyntax, int[]> Paths { get; } = [];

    /// <summary>The full name of the message that holds such options.</summary>
    public string MessageName => "google.protobuf." + target switch
    {
        OptionTarget.File => "FileOptions",
        OptionTarget.ExtensionRange => "ExtensionRangeOptions",
        OptionTarget.Message => "MessageOptions",
        OptionTarget.Field => "FieldOptions",
        OptionTarget.Oneof => "OneofOptions",
        OptionTarget.Enum => "EnumOptions",
        OptionTarget.EnumValue => "EnumValueOptions",
        OptionTarget.Service => "ServiceOptions",
        _ => "MethodOptions",
    };

    public string TargetName => target switch
    {
        OptionTarget.ExtensionRange => "extension range",
        OptionTarget.EnumValue => "enum value",
        _ => target.ToString().ToLowerInvariant(),
    };

    /// <summary>The first option of that plain name, or null.</summary>
    public OptionSyntax? Find(string name) =>
        Syntax.Find(option => option.Name.Count == 1 && !option.Name[0].IsExtension && option.Name[0].Text == name);

    public bool GetBool(int number) => Value?.Get(number) is true;

    public object? Get(int number) => Value?.Get(number);
}
