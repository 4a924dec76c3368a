// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;

namespace Peregrine.Protobuf.Compiler.CSharp.Model;

/// <summary>A oneof with its C# names.</summary>
internal sealed class OneofModel
{
    /// <summary>The .proto name.</summary>
    public required string Name { get; init; }

    /// <summary>The position in the message's list.</summary>
    public required int Index { get; init; }

    /// <summary>The documentation comment; empty if none.</summary>
    public required string Comment { get; init; }

    /// <summary>The name in PascalCase, as descriptors know it.</summary>
    public required string PropertyName { get; init; }

    /// <summary>The property that tells which member is set: <c>KindCase</c>.</summary>
    public required string CaseProperty { get; init; }

    /// <summary>The enum of its members: <c>KindOneofCase</c>.</summary>
    public required string CaseEnum { get; init; }

    /// <summary>The method that clears it: <c>ClearKind</c>.</summary>
    public required string ClearMethod { get; init; }

    /// <summary>The private field that holds the value when it is a reference: <c>kind_</c>.</summary>
    public required string BackingName { get; init; }

    /// <summary>The private field that holds the case: <c>kindCase_</c>.</summary>
    public required string CaseBackingName { get; init; }

    /// <summary>The names in <see cref="CaseEnum"/>, of which None stands for no member.</summary>
    public NameScope CaseNames { get; } = new(["None"]);

    /// <summary>The members in declaration order.</summary>
    public List<FieldModel> Fields { get; } = [];
}
