// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Compiler.Plugin;

/// <summary>A file of a <see cref="CodeGeneratorResponse"/>, or a part of one.</summary>
/// <param name="Name">The relative path, with <c>/</c> between folders; empty if the content continues the file before.</param>
/// <param name="InsertionPoint">The point of a file generated before at which the content is inserted; empty for a new file.</param>
/// <param name="Content">The bytes; UTF-8 text by the protocol.</param>
public sealed record ResponseFile(string Name, string InsertionPoint, ReadOnlyMemory<byte> Content);
