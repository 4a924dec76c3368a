// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler.CSharp.Model;

/// <summary>A value of an enum.</summary>
/// <param name="OriginalName">The .proto name.</param>
/// <param name="Name">The C# name.</param>
/// <param name="Number">The number.</param>
/// <param name="IsAlias">Whether an earlier value has the same number.</param>
/// <param name="IsDeprecated">Whether it is marked deprecated.</param>
/// <param name="Comment">The documentation comment; empty if none.</param>
internal sealed record EnumValueModel(
    string OriginalName, string Name, int Number, bool IsAlias, bool IsDeprecated, string Comment);
