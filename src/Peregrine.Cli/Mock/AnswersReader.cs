// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Mock;

/// <summary>Reads an answers file: which methods it speaks of, and their rules.</summary>
/// <param name="path">The file.</param>
/// <param name="types">The schema.</param>
internal sealed class AnswersReader(string path, AnswerTypes types)
{
    private readonly AnswerProblems _problems = new(path);

    /// <summary>Reads it.</summary>
    /// <param name="methods">The methods that are served.</param>
    /// <returns>The rules of methods that have any, in the order in which they are tried: its own, those of its service, those of all.</returns>
    /// <exception cref="ToolException">The file cannot be read, or does not suit the schema; the message has all that is wrong.</exception>
    public IReadOnlyDictionary<MethodDescriptor, IReadOnlyList<AnswerRule>> Read(IReadOnlyList<MethodDescriptor> methods)
    {
        var root = AnswersFile.Read(path);
        if (root is { Kind: not (AnswerKind.Mapping or AnswerKind.Null) })
        {
            _problems.Add(root, $"An answers file is a mapping of methods, such as package.Service/Method, and their rules; this is {root.Description}.");
        }

        var reader = new RuleReader(types, Path.GetFileName(path), _problems);
        List<(MethodDescriptor Method, int Rank, AnswerRule Rule)> found = [];
        foreach (var (key, value) in root?.Members ?? [])
        {
            var (rank, named) = Find(key, methods);
            foreach (var method in named)
            {
                var rules = value.Kind == AnswerKind.List ? value.Items : [value];
                found.AddRange(rules.Select(node => reader.Read(node, method)).OfType<AnswerRule>().Select(rule => (method, rank, rule)));
            }
        }

        _problems.ThrowIfAny();
        return found.GroupBy(each => each.Method).ToDictionary(group => group.Key, group => (IReadOnlyList<AnswerRule>)[.. group.OrderBy(each => each.Rank).Select(each => each.Rule)]);
    }

    private (int Rank, IEnumerable<MethodDescriptor> Methods) Find(AnswerNode key, IReadOnlyList<MethodDescriptor> methods)
    {
        var name = key.Text.TrimStart('/', '.');
        if (name == "*")
        {
            return (2, methods);
        }

        var isService = name.EndsWith("/*", StringComparison.Ordinal);
        var found = isService
            ? methods.Where(method => method.Service.FullName == name[..^2]).ToList()
            : methods.Where(method => NameOf(method) == name || method.FullName == name).ToList();
        if (found.Count == 0)
        {
            _problems.AddUnknown(
                isService ? key with { Text = name[..^2] } : key,
                $"No {(isService ? "service" : "method")} \"{key.Text}\" is served",
                isService ? methods.Select(method => method.Service.FullName).Distinct() : methods.Select(NameOf));
        }

        return (isService ? 1 : 0, found);
    }

    private static string NameOf(MethodDescriptor method) => $"{method.Service.FullName}/{method.Name}";
}
