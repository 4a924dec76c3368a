// SPDX-License-Identifier: Apache-2.0

using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GeneratedCorpus;

/// <summary>
/// The public surface of generated C#, one line per type and member, in a form that is the same for protoc's generators and ours
/// where user code cannot tell them apart: aliases spelled out, the runtime's namespaces ours, nullable annotations off.
/// </summary>
internal static partial class PublicNames
{
    private static readonly (string Alias, string Namespace)[] Aliases =
    [
        ("pb::", "Peregrine.Protobuf."), ("pbc::", "Peregrine.Protobuf.Collections."), ("pbr::", "Peregrine.Protobuf.Reflection."),
        ("scg::", "System.Collections.Generic."), ("grpc::", "Peregrine."), ("global::Google.Protobuf.", "Peregrine.Protobuf."),
        ("global::", ""),
    ];

    /// <summary>The lines of some files.</summary>
    public static IReadOnlySet<string> Of(IEnumerable<string> texts)
    {
        var lines = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            foreach (var type in CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes()
                .OfType<BaseTypeDeclarationSyntax>().Where(IsVisible))
            {
                AddMembers(lines, type);
            }
        }

        return lines;
    }

    private static void AddMembers(HashSet<string> lines, BaseTypeDeclarationSyntax type)
    {
        var name = FullName(type);
        lines.Add($"{Kind(type)} {name}");
        string Normalize(SyntaxNode? node) => PublicNames.Normalize(node, name, type.Identifier.Text);
        if (type is EnumDeclarationSyntax enumeration)
        {
            lines.UnionWith(enumeration.Members.Select(member => $"{name}.{member.Identifier.Text} = {Normalize(member.EqualsValue?.Value)}"));
        }

        foreach (var member in type is TypeDeclarationSyntax { } declaration ? declaration.Members : [])
        {
            if (!member.Modifiers.Any(SyntaxKind.PublicKeyword) && !member.Modifiers.Any(SyntaxKind.ProtectedKeyword))
            {
                continue;
            }

            switch (member)
            {
                case PropertyDeclarationSyntax property:
                    lines.Add($"{name}.{property.Identifier.Text} : {Normalize(property.Type)}{(IsSettable(property) ? " set" : "")}");
                    break;
                case MethodDeclarationSyntax method:
                    lines.Add(
                        $"{name}.{method.Identifier.Text}{method.TypeParameterList}({Parameters(method.ParameterList, Normalize)}) : "
                        + Normalize(method.ReturnType));
                    break;
                case ConstructorDeclarationSyntax constructor:
                    lines.Add($"{name}.ctor({Parameters(constructor.ParameterList, Normalize)})");
                    break;
                case FieldDeclarationSyntax field:
                    lines.UnionWith(field.Declaration.Variables.Select(variable =>
                        $"{name}.{variable.Identifier.Text} : {Normalize(field.Declaration.Type)}"
                        + (field.Modifiers.Any(SyntaxKind.ConstKeyword) ? $" = {Normalize(variable.Initializer?.Value)}" : "")));
                    break;
                default:
                    break; // Types are visited by themselves; generated code has no other kinds of members.
            }
        }
    }

    private static bool IsVisible(BaseTypeDeclarationSyntax type) =>
        type.Modifiers.Any(SyntaxKind.PublicKeyword) && type.Ancestors().OfType<BaseTypeDeclarationSyntax>().All(IsVisible);

    private static string Kind(BaseTypeDeclarationSyntax type) =>
        (type is TypeDeclarationSyntax { } other ? other.Keyword.Text : "enum")
        + (type.Modifiers.Any(SyntaxKind.StaticKeyword) ? " static" : "") + (type.Modifiers.Any(SyntaxKind.AbstractKeyword) ? " abstract" : "");

    private static string FullName(BaseTypeDeclarationSyntax type) => string.Join('.', type.AncestorsAndSelf().Reverse()
        .Select(node => node switch
        {
            BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
            BaseTypeDeclarationSyntax outer => outer.Identifier.Text,
            _ => "",
        }).Where(part => part.Length != 0)).Replace("Google.Protobuf.", "Peregrine.Protobuf.", StringComparison.Ordinal);

    private static bool IsSettable(PropertyDeclarationSyntax property) =>
        property.AccessorList?.Accessors.Any(accessor => accessor.IsKind(SyntaxKind.SetAccessorDeclaration)) == true;

    private static string Parameters(ParameterListSyntax list, Func<SyntaxNode?, string> normalize) => string.Join(
        ", ", list.Parameters.Select(parameter => $"{normalize(parameter.Type)} {parameter.Identifier.Text}{(parameter.Default is null ? "" : " =")}"));

    // A class calls itself by its short name in one of the two, by its full name in the other.
    private static string Normalize(SyntaxNode? node, string fullName, string shortName)
    {
        var text = Blanks().Replace(node?.WithoutTrivia().ToString() ?? "", "").Replace("?", "", StringComparison.Ordinal);
        foreach (var (alias, name) in Aliases)
        {
            text = text.Replace(alias, name, StringComparison.Ordinal);
        }

        text = text.Replace("Google.Protobuf.", "Peregrine.Protobuf.", StringComparison.Ordinal);
        return text == fullName ? shortName : text.Replace($"<{fullName}>", $"<{shortName}>", StringComparison.Ordinal)
            .Replace($"<{fullName},", $"<{shortName},", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
