// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Build;

/// <summary>An assembly that the project references.</summary>
/// <param name="Path">The assembly, or its reference assembly.</param>
/// <param name="IsPackaged">Whether it comes from a package, so that another content has another path.</param>
internal sealed record BuildReference(string Path, bool IsPackaged);
