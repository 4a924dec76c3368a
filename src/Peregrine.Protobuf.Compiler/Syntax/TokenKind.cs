// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler.Syntax;

internal enum TokenKind : byte
{
    Identifier,
    Integer,
    Float,
    String,
    Symbol,
    EndOfFile,
}
