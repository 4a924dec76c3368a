// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>What a caller may set of a <see cref="WireReader"/>; the default value is right for most.</summary>
public readonly struct WireReaderOptions
{
    /// <summary>How deep messages and groups may nest when nothing else is set: 100, as in every protobuf runtime.</summary>
    public const int DefaultRecursionLimit = 100;

    private readonly int _recursionLimit;
    private readonly int _sizeLimit;

    /// <summary>How deep messages and groups may nest; 0 stands for <see cref="DefaultRecursionLimit"/>.</summary>
    public int RecursionLimit
    {
        get => _recursionLimit == 0 ? DefaultRecursionLimit : _recursionLimit;
        init => _recursionLimit = value;
    }

    /// <summary>The largest input in bytes; 0 stands for 2 GiB - 1.</summary>
    public int SizeLimit
    {
        get => _sizeLimit == 0 ? int.MaxValue : _sizeLimit;
        init => _sizeLimit = value;
    }

    /// <summary>Whether fields that the message type does not know are dropped instead of kept.</summary>
    public bool DiscardUnknownFields { get; init; }

    /// <summary>The extensions to parse; those not in it are kept as unknown fields.</summary>
    public ExtensionRegistry? ExtensionRegistry { get; init; }
}
