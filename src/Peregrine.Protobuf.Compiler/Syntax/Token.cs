// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>One token. Lines and columns count from zero, in bytes, tabs to the next multiple of eight: as source info does.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int End, int Line, int Column, int EndColumn)
{
    public SourceSpan Span => new(Start, End - Start);
}
