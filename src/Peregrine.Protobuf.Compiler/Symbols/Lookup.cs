// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler.Symbols;

/// <summary>What a name was found to mean, or why it was not found.</summary>
/// <param name="Symbol">The symbol, or null.</param>
/// <param name="Hidden">A file that declares the name but is not imported, or null.</param>
/// <param name="ResolvedTo">The name that the scoping rules arrived at but that does not exist, or null.</param>
internal readonly record struct Lookup(Symbol? Symbol, FileSymbol? Hidden, string? ResolvedTo);
