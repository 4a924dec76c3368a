// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using GeneratedCorpus;
using Peregrine.Protobuf.Compiler.CSharp;

// GeneratedCorpus compile ROOT [--options TEXT] [--every N] [--limit N] [--package NAME] [--emit DIRECTORY]
//   generates C# from all .proto files below ROOT and compiles it, one assembly per package, which refers to those of its imports.
//   Prints what is wrong, "rejected PATH" for each file that the .proto compiler rejects, and a line of counts.
// GeneratedCorpus names ROOT THEIRS [--every N] [--limit N] [--package NAME]
//   compares the public names with those of protoc's C# below THEIRS; "-" is a name that only theirs have, "+" one that only ours have.
//   --options  options of the generator, as for --csharp_opt
//   --every    takes one package of N, with what it imports
//   --limit    leaves out packages of more files than this, and what imports them
//   --package  takes this package alone, with what it imports
//   --emit     writes the generated C# there, too
const string Usage = "usage: GeneratedCorpus compile ROOT | names ROOT THEIRS [--options TEXT] [--every N] [--limit N] [--package NAME] [--emit DIRECTORY]";
if (args is not ["compile" or "names", var root, ..] || (args[0] == "names" && args.Length < 3))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

string? Argument(string name)
{
    var at = Array.IndexOf(args, name);
    return at > 0 && at + 1 < args.Length ? args[at + 1] : null;
}

if (!new CSharpGeneratorOptions().TryParse(Argument("--options") ?? "", out var options, out var error))
{
    Console.Error.WriteLine(error);
    return 2;
}

int Number(string name, int otherwise) =>
    Argument(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

var all = ProtoPackage.Find(root);
var limit = Number("--limit", int.MaxValue);
var only = Argument("--package");
var chosen = all
    .Where(package => ProtoPackage.WithImports([package]).All(part => part.Files.Count <= limit))
    .Where((_, index) => index % Number("--every", 1) == 0)
    .Where(package => only is null || package.Name == only);
var wanted = ProtoPackage.WithImports(chosen);
var packages = all.Where(wanted.Contains);
if (args[0] == "names")
{
    var comparison = new NameComparison(root, args[2]);
    foreach (var package in packages)
    {
        comparison.Run(package);
    }

    Console.WriteLine(comparison.Summary);
    return comparison.Files == 0 ? 1 : 0;
}

var check = new PackageCheck(root, options, Argument("--emit"));
foreach (var package in packages)
{
    check.Run(package);
}

Console.WriteLine(check.Summary);
return check.Failures == 0 ? 0 : 1;
