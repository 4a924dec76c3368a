// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Xunit;

namespace Peregrine.Architecture.Tests;

/// <summary>
/// Inside an assembly the folders are layers, too (docs/ARCHITECTURE.md). A row names a namespace and the namespaces of the same
/// assembly that its types may use. The root namespace is everybody's vocabulary and the place of the public contract, whose
/// types lie in the folder of their topic: it may be used by all, and is not checked itself. So may what is generated for the standard interfaces
/// of gRPC.
/// </summary>
public class NamespaceLayerTests
{
    private static readonly (string Assembly, string Layer, string[] Uses)[] Table =
    [
        ("Peregrine.Http2", "Hpack", []),
        ("Peregrine.Http2", "FlowControl", []),
        ("Peregrine.Http2", "Guards", []),
        ("Peregrine.Http2", "Frames", ["Hpack", "Guards"]),
        ("Peregrine.Http2", "Streams", ["Frames", "Hpack", "FlowControl"]),
        ("Peregrine.Http2", "Sending", ["Streams", "Frames", "Hpack", "FlowControl"]),

        ("Peregrine.Protobuf", "Wire", []),
        ("Peregrine.Protobuf", "Collections", ["Wire"]),
        ("Peregrine.Protobuf", "Literals", []),
        ("Peregrine.Protobuf", "Reflection", ["Wire", "Collections", "Literals"]),
        ("Peregrine.Protobuf", "Dynamic", ["Wire", "Collections", "Reflection"]),
        ("Peregrine.Protobuf", "Differencing", ["Wire", "Collections", "Reflection"]),
        ("Peregrine.Protobuf", "WellKnownTypes", ["Wire", "Collections", "Reflection"]),
        ("Peregrine.Protobuf", "Json", ["Wire", "Collections", "Reflection", "WellKnownTypes"]),
        ("Peregrine.Protobuf", "Text", ["Wire", "Collections", "Literals", "Reflection"]),

        ("Peregrine", "Diagnostics", []),
        ("Peregrine", "Credentials", ["Diagnostics"]),
        ("Peregrine", "Compression", []),
        ("Peregrine", "Interceptors", []),
        ("Peregrine", "Protocol", ["Compression"]),
        ("Peregrine", "Transport", ["Protocol", "Credentials", "Diagnostics"]),
        ("Peregrine", "Serving", ["Transport", "Protocol", "Compression", "Credentials", "Diagnostics", "Interceptors"]),
        ("Peregrine", "Resolution", []),
        ("Peregrine", "LoadBalancing", ["Resolution", "Transport", "Protocol", "Credentials", "Diagnostics"]),
        ("Peregrine", "Client",
            ["LoadBalancing", "Resolution", "Transport", "Protocol", "Compression", "Credentials", "Diagnostics", "Interceptors"]),

        ("Peregrine.Services", "HealthCheck", []),
        ("Peregrine.Services", "Reflection", []),
        ("Peregrine.Services", "Channelz", []),
    ];

    public static TheoryData<string, string, string[]> Layers
    {
        get
        {
            TheoryData<string, string, string[]> rows = [];
            foreach ((string assembly, string layer, string[] uses) in Table)
            {
                rows.Add(assembly, layer, uses);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_namespace_uses_only_the_namespaces_below_it(string assembly, string layer, string[] uses)
    {
        string space = $"{assembly}.{layer}";
        HashSet<string> allowed = [assembly, space, .. uses.Select(u => $"{assembly}.{u}")];
        IEnumerable<string> wrong =
            from type in Assembly.Load(assembly).GetTypes()
            where type.Namespace == space
            from used in TypeDependencies.Of(type)
            where used.Assembly == type.Assembly && used.Namespace is { } other && !allowed.Contains(other) && !other.StartsWith("Grpc.", StringComparison.Ordinal)
            select $"{(type.DeclaringType ?? type).Name} -> {used.FullName}";
        Assert.Empty(wrong.Distinct().Order());
    }

    // The compiler's messages know symbols, and the parser knows messages, so its folders are no layers; but passes are behind all of them.
    [Fact]
    public void The_passes_of_the_compiler_are_known_to_its_table_of_contents_alone()
    {
        const string Compiler = "Peregrine.Protobuf.Compiler";
        const string Passes = Compiler + ".Lowering";
        Assembly assembly = Assembly.Load(Compiler);
        Assert.Contains(TypeDependencies.Of(assembly.GetType(Compiler + ".Compilation", throwOnError: true)!), used => used.Namespace == Passes);
        IEnumerable<Type> others = assembly.GetTypes().Where(type => type.Namespace is { } space && space != Passes && space != Compiler);
        Assert.Empty(
            from type in others
            from used in TypeDependencies.Of(type)
            where used.Namespace == Passes
            select $"{(type.DeclaringType ?? type).Name} -> {used.FullName}");
    }

    [Fact]
    public void The_table_has_no_cycle()
    {
        Dictionary<string, string[]> graph = Table.ToDictionary(r => $"{r.Assembly}.{r.Layer}", r => r.Uses.Select(u => $"{r.Assembly}.{u}").ToArray());
        HashSet<string> done = [];
        while (done.Count < graph.Count)
        {
            List<string> free = [.. graph.Keys.Where(k => !done.Contains(k) && graph[k].All(done.Contains))];
            Assert.NotEmpty(free);
            done.UnionWith(free);
        }
    }

    [Fact]
    public void Every_namespace_of_the_checked_assemblies_stands_in_the_table()
    {
        IEnumerable<string> known = Table.Select(r => $"{r.Assembly}.{r.Layer}");
        IEnumerable<string> all =
            from assembly in Table.Select(r => r.Assembly).Distinct()
            from type in Assembly.Load(assembly).GetTypes()
            where type.Namespace is { } space && space != assembly && space.StartsWith(assembly + ".", StringComparison.Ordinal)
            select type.Namespace;
        Assert.Empty(all.Distinct().Except(known));
    }
}
