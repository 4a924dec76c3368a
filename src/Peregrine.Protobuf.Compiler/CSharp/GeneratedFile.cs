// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>A file of generated C#.</summary>
/// <param name="Name">The relative path, with <c>/</c> between folders.</param>
/// <param name="Text">The text, lines ending in LF.</param>
public sealed record GeneratedFile(string Name, string Text);
