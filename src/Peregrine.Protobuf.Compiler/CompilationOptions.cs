// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler;

/// <summary>What a caller of <see cref="Compilation"/> can choose.</summary>
public sealed class CompilationOptions
{
    /// <summary>
    /// Whether options with <c>retention = RETENTION_SOURCE</c> stay in the descriptors. The default is false, as for protoc without
    /// <c>--retain_options</c>.
    /// </summary>
    public bool RetainSourceOptions { get; init; }
}
