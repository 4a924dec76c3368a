// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Type URLs of <c>google.protobuf.Any</c>: a prefix, a slash and a full type name.</summary>
internal static class TypeUrl
{
    /// <summary>What stands after the last slash; empty when there is no slash.</summary>
    public static ReadOnlySpan<char> TypeNameOf(string typeUrl)
    {
        int slash = typeUrl.LastIndexOf('/');
        return slash < 0 ? default : typeUrl.AsSpan(slash + 1);
    }
}
