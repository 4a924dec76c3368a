// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace Peregrine.Architecture.Tests;

/// <summary>Arrows between assemblies go down only (docs/ARCHITECTURE.md, "The dependency rule").</summary>
public class AssemblyLayerTests
{
    public static TheoryData<string, string[]> AllowedReferences => new()
    {
        { "Peregrine.Protobuf", [] },
        { "Peregrine.Http2", [] },
        { "Peregrine.Protobuf.Compiler", ["Peregrine.Protobuf"] },
        { "Peregrine", ["Peregrine.Protobuf", "Peregrine.Http2"] },
        { "Peregrine.Testing", ["Peregrine", "Peregrine.Http2"] },
        { "Peregrine.Services", ["Peregrine", "Peregrine.Protobuf"] },
    };

    [Theory]
    [MemberData(nameof(AllowedReferences))]
    public void An_assembly_references_only_the_layers_below_it(string assembly, string[] allowed)
    {
        IEnumerable<string> references = Assembly.Load(assembly).GetReferencedAssemblies()
            .Select(r => r.Name!).Where(n => n.StartsWith("Peregrine", StringComparison.Ordinal));
        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void Shipped_libraries_need_only_the_shared_framework_and_the_logging_abstractions()
    {
        // The tools (Cli, Build) are programs and may use libraries; what users link may not.
        string[] programs = ["Peregrine.Cli", "Peregrine.Build"];
        IEnumerable<string> packages =
            from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            where !programs.Contains(Path.GetFileNameWithoutExtension(path))
            from reference in XDocument.Load(path).Descendants("PackageReference")
            select Path.GetFileNameWithoutExtension(path) + " -> " + (string?)reference.Attribute("Include");
        Assert.Equal(["Peregrine -> Microsoft.Extensions.Logging.Abstractions"], packages);
    }

    [Fact]
    public void No_shipped_assembly_opens_its_internals_to_another()
    {
        IEnumerable<string> friends =
            from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            from friend in XDocument.Load(path).Descendants("InternalsVisibleTo")
            select (string?)friend.Attribute("Include");
        Assert.All(friends, friend => Assert.True(friend is "MicroBenchmarks" or "ProtobufFuzz" || friend?.EndsWith(".Tests", StringComparison.Ordinal) == true, friend));
    }
}
