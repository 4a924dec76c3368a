// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>
/// Refuses files whose C# cannot stand in one assembly: packages may share a <c>csharp_namespace</c> and declare the same type,
/// or a type may have the name of a namespace. What one file can repair by itself, its names do (<see cref="NameScope"/>).
/// </summary>
internal static class TypeClashes
{
    private const int Reported = 10;

    /// <summary>Checks files that are generated together with everything that they import.</summary>
    /// <exception cref="CSharpGeneratorException">Two declarations have one name, or a namespace is no C#.</exception>
    public static void Check(IReadOnlyCollection<FileModel> generated)
    {
        var all = WithImports(generated);
        var problems = generated.Where(file => !IsNamespace(file.Namespace)).Select(file =>
            $"The csharp_namespace \"{file.Namespace}\" of \"{file.Path}\" is not a C# namespace: identifiers with periods between them.").ToList();
        var types = new Dictionary<string, (FileModel File, string Declaration)>(StringComparer.Ordinal);
        foreach (var file in all)
        {
            foreach (var (name, declaration) in Declarations(file))
            {
                var full = file.Namespace.Length == 0 ? name : file.Namespace + "." + name;
                if (!types.TryAdd(full, (file, declaration)) && IsAsked(file, types[full].File))
                {
                    problems.Add(
                        $"Both {Describe(types[full])} and {Describe((file, declaration))} are the C# type \"{full}\". Give one of "
                        + "the files another csharp_namespace, or put them into different projects.");
                }
            }
        }

        foreach (var file in all)
        {
            foreach (var prefix in Prefixes(file.Namespace))
            {
                if (types.TryGetValue(prefix, out var type) && IsAsked(file, type.File))
                {
                    problems.Add(
                        $"The {Describe(type)[4..]} is the C# type \"{prefix}\", which is also the namespace of \"{file.Path}\" or a part of it. "
                        + "Give one of the files another csharp_namespace.");
                }
            }
        }

        if (problems.Count != 0)
        {
            var more = problems.Count > Reported ? $"\nThere are {problems.Count - Reported} more." : "";
            throw new CSharpGeneratorException(string.Join('\n', problems.Take(Reported)) + more);
        }

        bool IsAsked(FileModel one, FileModel other) => generated.Contains(one) || generated.Contains(other);
    }

    private static HashSet<FileModel> WithImports(IEnumerable<FileModel> files)
    {
        var result = new HashSet<FileModel>();
        var stack = new Stack<FileModel>(files.Reverse());
        while (stack.TryPop(out var file))
        {
            if (result.Add(file))
            {
                foreach (var import in file.Dependencies)
                {
                    stack.Push(import);
                }
            }
        }

        return result;
    }

    private static IEnumerable<(string Name, string Declaration)> Declarations(FileModel file)
    {
        yield return (file.ReflectionClass, "the class that holds the descriptor");
        if (file.Extensions.Count > 0)
        {
            yield return (file.ExtensionsClass, "the class that holds the extensions");
        }

        foreach (var message in file.Messages)
        {
            yield return (message.ClassName, $"the message {message.FullName}");
        }

        foreach (var type in file.Enums)
        {
            yield return (type.ClassName, $"the enum {type.FullName}");
        }

        foreach (var service in file.Services)
        {
            yield return (service.ClassName, $"the service {service.FullName}");
        }
    }

    private static string Describe((FileModel File, string Declaration) type) => $"{type.Declaration} of \"{type.File.Path}\"";

    private static IEnumerable<string> Prefixes(string name)
    {
        for (var end = name.IndexOf('.', StringComparison.Ordinal); end > 0; end = name.IndexOf('.', end + 1))
        {
            yield return name[..end];
        }

        yield return name;
    }

    private static bool IsNamespace(string name) => name.Length == 0 || name.Split('.').All(segment =>
        segment.Length != 0
        && segment.EnumerateRunes().All(rune => rune.Value == '_' || Rune.IsLetterOrDigit(rune))
        && !Rune.IsDigit(Rune.GetRuneAt(segment, 0)));
}
