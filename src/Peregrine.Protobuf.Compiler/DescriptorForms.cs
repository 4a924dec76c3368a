// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Compiler;

/// <summary>The forms in which a <see cref="CompiledFile"/> has its descriptor.</summary>
[Flags]
public enum DescriptorForms
{
    /// <summary>None: only errors and warnings are of interest.</summary>
    None = 0,

    /// <summary><see cref="CompiledFile.SerializedWithoutSourceInfo"/>.</summary>
    WithoutSourceInfo = 1,

    /// <summary><see cref="CompiledFile.Serialized"/> and <see cref="CompiledFile.Descriptor"/>.</summary>
    WithSourceInfo = 2,

    /// <summary><see cref="CompiledFile.RetainedWithoutSourceInfo"/>.</summary>
    RetainedWithoutSourceInfo = 4,

    /// <summary><see cref="CompiledFile.Retained"/>.</summary>
    RetainedWithSourceInfo = 8,
}
