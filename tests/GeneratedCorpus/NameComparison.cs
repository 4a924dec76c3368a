// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Sources;
using ProtoCompilation = Peregrine.Protobuf.Compiler.Compilation;

namespace GeneratedCorpus;

/// <summary>Compares the public names of our C# with those of protoc's generators, file by file.</summary>
/// <param name="root">The folder of .proto files.</param>
/// <param name="theirs">What protoc wrote: the C# of <c>a/b.proto</c> is in the folder <c>a</c>.</param>
internal sealed class NameComparison(string root, string theirs)
{
    // Members of every message that are the same to a caller: extension methods here, a parameter called as in the base class.
    private static readonly string[] Known =
    [
        ".WriteTo(Peregrine.Protobuf.CodedOutputStream output) : void", ".MergeFrom(Peregrine.Protobuf.CodedInputStream input) : void",
        ".Equals(object other) : bool", ".Equals(object obj) : bool",
    ];

    private int _files;
    private int _names;
    private int _missing;
    private int _added;

    /// <summary>The files compared.</summary>
    public int Files => _files;

    /// <summary>The counts, one line.</summary>
    public string Summary => $"compared {_files} names {_names} missing {_missing} added {_added}";

    /// <summary>Compares one package, as far as protoc wrote C# for its files.</summary>
    public void Run(ProtoPackage package)
    {
        var asked = package.Files.Where(path => !CSharpGenerator.IsShipped(path) && Directory.Exists(Folder(path))).ToList();
        if (asked.Count == 0)
        {
            return;
        }

        var resolver = new ImportResolver();
        resolver.AddSearchPath(root);
        var result = new ProtoCompilation(resolver).Compile(asked);
        var linked = new LinkedFiles([.. result.Files.Select(file => file.Descriptor)]);
        foreach (var file in result.Roots)
        {
            var ours = CSharpGenerator.Generate(linked, [file.Path], new CSharpGeneratorOptions { ClientInterfaces = false });
            var folder = Folder(file.Path);
            if (File.Exists(Path.Combine(folder, ours[0].Name)))
            {
                Compare(
                    file.Path,
                    PublicNames.Of(ours.Select(output => output.Text)),
                    PublicNames.Of(ours.Select(output => File.ReadAllText(Path.Combine(folder, output.Name)))));
            }
        }
    }

    private string Folder(string path) => Path.Combine(theirs, Path.GetDirectoryName(path)!);

    private void Compare(string path, IReadOnlySet<string> our, IReadOnlySet<string> their)
    {
        _files++;
        _names += their.Count;
        foreach (var name in Difference(their, our))
        {
            Console.WriteLine($"- {path}: {name}");
            _missing++;
        }

        foreach (var name in Difference(our, their))
        {
            Console.WriteLine($"+ {path}: {name}");
            _added++;
        }
    }

    private static IEnumerable<string> Difference(IReadOnlySet<string> one, IReadOnlySet<string> other) =>
        one.Except(other).Where(name => !Known.Any(known => name.EndsWith(known, StringComparison.Ordinal))).Order(StringComparer.Ordinal);
}
