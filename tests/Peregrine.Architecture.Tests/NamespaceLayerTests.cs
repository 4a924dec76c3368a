// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Xunit;

namespace Peregrine.Architecture.Tests;

/// <summary>
/// Inside an assembly the folders are layers, too (docs/ARCHITECTURE.md). A row names a namespace and the namespaces of the
/// same assembly that its types may use; what is not in the table may not be used.
/// </summary>
public class NamespaceLayerTests
{
    // The wire format imports nothing of the runtime but the vocabulary of its root; JSON stands on reflection.
    public static TheoryData<string, string, string[]> AllowedNamespaces => new()
    {
        { "Peregrine.Http2", "Peregrine.Http2.Hpack", ["Peregrine.Http2"] },
        { "Peregrine.Http2", "Peregrine.Http2.FlowControl", ["Peregrine.Http2"] },
        { "Peregrine.Http2", "Peregrine.Http2.Guards", ["Peregrine.Http2"] },
    };

    [Theory]
    [MemberData(nameof(AllowedNamespaces))]
    public void A_namespace_uses_only_the_namespaces_below_it(string assembly, string layer, string[] allowed)
    {
        IEnumerable<string> uses =
            from type in Assembly.Load(assembly).GetTypes()
            where type.Namespace == layer
            from used in TypeDependencies.Of(type)
            where used.Assembly == type.Assembly && used.Namespace is { } space && space != layer && !allowed.Contains(space)
            select $"{type.FullName} -> {used.FullName}";
        Assert.Empty(uses.Distinct().Order());
    }
}
