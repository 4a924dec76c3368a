// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Compiler.Output;

namespace Peregrine.Build;

/// <summary>A file that is about to be written.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Directory">The directory below which it may lie.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="IsCompiled">Whether the project compiles it.</param>
internal sealed record OutputFile(string Path, OutputDirectory Directory, string Name, byte[] Content, bool IsCompiled);
