// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler;

/// <summary>What a caller of <see cref="Compilation"/> can choose.</summary>
public sealed class CompilationOptions
{
    /// <summary>Which forms of descriptors can be asked for. The default, null, is any.</summary>
    public DescriptorForms? Forms { get; init; }
}
