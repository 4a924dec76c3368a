// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Mock;

/// <summary>The kinds of values in an answers file: those of JSON.</summary>
internal enum AnswerKind
{
    /// <summary>Nothing.</summary>
    Null,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A number as JSON writes it.</summary>
    Number,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A list.</summary>
    List,

    /// <summary>A mapping, an object of JSON.</summary>
    Mapping,
}
