// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Compiler;

/// <summary>What a caller of <see cref="Compilation"/> can choose.</summary>
public sealed class CompilationOptions
{
    /// <summary>
    /// Which forms of descriptors to make while compiling. Each file's are made when the file is complete, and its syntax tree is dropped
    /// then: thousands of files need little memory, but no other form can be had of them afterwards. The default, null, keeps the trees,
    /// and makes any form when it is asked for.
    /// </summary>
    public DescriptorForms? Forms { get; init; }

    /// <summary>
    /// Whether files with errors have descriptors, too, in <see cref="CompilationResult.Incomplete"/>: for tools that work on text while it
    /// is being written. The default is false.
    /// </summary>
    public bool IncludeIncomplete { get; init; }

    /// <summary>How many threads work at the same time, the caller's included. The default is the number of processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxDegreeOfParallelism
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = Environment.ProcessorCount;
}
