// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Differencing;

/// <summary>What a difference is, from the first message to the second.</summary>
public enum DifferenceKind
{
    /// <summary>The second message has a value, the first has none.</summary>
    Added,

    /// <summary>The first message has a value, the second has none.</summary>
    Removed,

    /// <summary>Both have values, and they differ.</summary>
    Changed,
}
