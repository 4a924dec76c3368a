// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Text;

/// <summary>The kinds of tokens of text format.</summary>
internal enum TextTokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A letter or underscore, and letters, underscores and digits behind it.</summary>
    Identifier,

    /// <summary>A decimal, octal or hexadecimal number without a sign.</summary>
    Integer,

    /// <summary>A number with a point, an exponent or the suffix f, without a sign.</summary>
    Float,

    /// <summary>Text in single or double quotes.</summary>
    String,

    /// <summary>Any other character.</summary>
    Symbol,
}
