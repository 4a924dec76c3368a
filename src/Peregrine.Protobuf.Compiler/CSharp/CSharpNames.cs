// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Frozen;
using System.Linq;
using System.Text;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>The rules that turn .proto names into C# names: those of the protobuf project's C# generator, pure functions.</summary>
/// <remarks>
/// Code written for that generator binds to these names, so they stay even where they are odd. What would not compile
/// (clashes, keywords) is repaired by <see cref="NameScope"/> and <see cref="Escape"/>, which change nothing else.
/// </remarks>
internal static class CSharpNames
{
    private static readonly FrozenSet<string> Keywords = FrozenSet.ToFrozenSet(
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue",
        "decimal", "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally",
        "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long",
        "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected", "public",
        "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch",
        "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void",
        "volatile", "while",

        // Contextual words that may not name a type (CS8860 and its kin), or that a nested position makes special.
        "record", "var", "dynamic", "nint", "nuint", "partial", "where", "yield", "await", "async", "file", "required", "scoped",
        "field", "extension", "allows", "notnull", "unmanaged", "managed", "nameof", "global", "when", "with", "and", "or", "not",
        "get", "set", "init", "add", "remove", "value", "args",
    ], StringComparer.Ordinal);

    /// <summary>The .proto files whose types the runtime ships: their namespace is ours.</summary>
    private static readonly FrozenSet<string> BuiltInFiles = FrozenSet.ToFrozenSet(
    [
        "google/protobuf/any.proto", "google/protobuf/api.proto", "google/protobuf/c_sharp_features.proto",
        "google/protobuf/cpp_features.proto", "google/protobuf/descriptor.proto",
        "google/protobuf/duration.proto", "google/protobuf/empty.proto", "google/protobuf/field_mask.proto",
        "google/protobuf/go_features.proto", "google/protobuf/java_features.proto",
        "google/protobuf/source_context.proto", "google/protobuf/struct.proto", "google/protobuf/timestamp.proto",
        "google/protobuf/type.proto", "google/protobuf/wrappers.proto", "google/protobuf/compiler/plugin.proto",
    ], StringComparer.Ordinal);

    /// <summary>
    /// The .proto files of googleapis whose types the runtime ships. Their namespaces are those that their packages give, Google.Rpc and
    /// Google.Type: code that others generated or wrote names them so. A namespace Google.Type hides System.Type inside of namespaces
    /// below Google only, and generated code names types from global:: on.
    /// </summary>
    private static readonly FrozenSet<string> GoogleApiFiles = FrozenSet.ToFrozenSet(
    [
        "google/rpc/code.proto", "google/rpc/error_details.proto", "google/rpc/status.proto",
        "google/type/calendar_period.proto", "google/type/color.proto", "google/type/date.proto", "google/type/datetime.proto",
        "google/type/dayofweek.proto", "google/type/decimal.proto", "google/type/expr.proto", "google/type/fraction.proto",
        "google/type/interval.proto", "google/type/latlng.proto", "google/type/localized_text.proto", "google/type/money.proto",
        "google/type/month.proto", "google/type/phone_number.proto", "google/type/postal_address.proto",
        "google/type/quaternion.proto", "google/type/timeofday.proto",
    ], StringComparer.Ordinal);

    /// <summary>Whether the file, by its import path, is one of those that the runtime ships with its own namespace.</summary>
    public static bool IsBuiltIn(string path) => BuiltInFiles.Contains(path);

    /// <summary>Whether the file, by its import path, is one of google.rpc or google.type that the runtime ships with the namespace it declares.</summary>
    public static bool IsGoogleApi(string path) => GoogleApiFiles.Contains(path);

    /// <summary>Removes underscores and capitalizes what follows them and digits: <c>foo_bar1baz</c> to <c>FooBar1Baz</c>.</summary>
    /// <param name="name">The .proto name.</param>
    /// <param name="capitalizeFirst">Whether the first letter becomes upper case; otherwise it becomes lower case.</param>
    /// <param name="keepPeriods">Whether periods stay (packages); otherwise they vanish like underscores.</param>
    public static string Camel(string name, bool capitalizeFirst, bool keepPeriods = false)
    {
        var result = new StringBuilder(name.Length + 1);
        var capitalize = capitalizeFirst;
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (char.IsAsciiLetterLower(c))
            {
                result.Append(capitalize ? char.ToUpperInvariant(c) : c);
                capitalize = false;
            }
            else if (char.IsAsciiLetterUpper(c))
            {
                result.Append(i == 0 && !capitalizeFirst ? char.ToLowerInvariant(c) : c);
                capitalize = false;
            }
            else if (char.IsAsciiDigit(c))
            {
                result.Append(c);
                capitalize = true;
            }
            else
            {
                capitalize = true;
                if (c == '.' && keepPeriods)
                {
                    result.Append('.');
                }
            }
        }

        if (name.EndsWith('#'))
        {
            result.Append('_');
        }

        if (result.Length > 0 && char.IsAsciiDigit(result[0]))
        {
            result.Insert(0, '_');
        }

        return result.Length == 0 ? "_" : result.ToString();
    }

    /// <summary><see cref="Camel"/> with a capital first letter.</summary>
    public static string Pascal(string name) => Camel(name, capitalizeFirst: true);

    /// <summary>The C# name of an enum value: the enum's own name cut off as a prefix, the rest in PascalCase.</summary>
    public static string EnumValue(string enumName, string valueName)
    {
        var result = ShoutyToPascal(RemovePrefix(enumName, valueName));
        return result.Length == 0 ? "_" : char.IsAsciiDigit(result[0]) ? "_" + result : result;
    }

    /// <summary>The namespace of a file: its <c>csharp_namespace</c>, else its package in PascalCase; empty is the global one.</summary>
    public static string Namespace(string path, string? csharpNamespace, string package)
    {
        var name = csharpNamespace ?? (package.Length == 0 ? "" : Camel(package, capitalizeFirst: true, keepPeriods: true));
        const string Original = "Google.Protobuf";
        if (csharpNamespace is null && IsBuiltIn(path))
        {
            // The features of C++, Java and Go; those of C# declare it.
            name = Original + ".Reflection";
        }

        if (IsBuiltIn(path) && (name == Original || name.StartsWith(Original + ".", StringComparison.Ordinal)))
        {
            name = string.Concat("Peregrine.Protobuf", name.AsSpan(Original.Length));
        }

        return name;
    }

    /// <summary>The last segment of an import path without <c>.proto</c>, in PascalCase: the stem of output files and reflection classes.</summary>
    public static string FileStem(string path) => Pascal(BareName(path));

    /// <summary>
    /// The stem of outputs with services, as the other generator has it: only what follows an underscore is capitalized,
    /// so that <c>v1beta1.proto</c> is <c>V1beta1</c> here and <c>V1Beta1</c> above.
    /// </summary>
    public static string ServiceFileStem(string path) => string.Concat(
        BareName(path).Split('_').Where(part => part.Length != 0).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    private static string BareName(string path)
    {
        var slash = path.LastIndexOf('/');
        var name = path[(slash + 1)..];
        foreach (var extension in (ReadOnlySpan<string>)[".protodevel", ".proto"])
        {
            if (name.EndsWith(extension, StringComparison.Ordinal))
            {
                name = name[..^extension.Length];
                break;
            }
        }

        return name;
    }

    /// <summary>The identifier, with <c>@</c> before it when it is a keyword of C#.</summary>
    public static string Escape(string identifier) => Keywords.Contains(identifier) ? "@" + identifier : identifier;

    /// <summary><see cref="Escape"/> for every segment of a dotted name.</summary>
    public static string EscapeQualified(string name)
    {
        var segments = name.Split('.');
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = Escape(segments[i]);
        }

        return string.Join('.', segments);
    }

    /// <summary>The text with a lower-case first letter: the stem of private fields.</summary>
    public static string LowerFirst(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    // Compares without case and underscores; a value that is nothing but the prefix keeps its whole name.
    private static string RemovePrefix(string enumName, string valueName)
    {
        var prefix = enumName.Replace("_", "", StringComparison.Ordinal);
        var matched = 0;
        var i = 0;
        for (; matched < prefix.Length && i < valueName.Length; i++)
        {
            if (valueName[i] == '_')
            {
                continue;
            }

            if (char.ToLowerInvariant(valueName[i]) != char.ToLowerInvariant(prefix[matched++]))
            {
                return valueName;
            }
        }

        if (matched < prefix.Length)
        {
            return valueName;
        }

        while (i < valueName.Length && valueName[i] == '_')
        {
            i++;
        }

        return i == valueName.Length ? valueName : valueName[i..];
    }

    private static string ShoutyToPascal(string name)
    {
        var result = new StringBuilder(name.Length);
        var previous = '_';
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                var starts = !char.IsAsciiLetterOrDigit(previous) || char.IsAsciiDigit(previous);
                result.Append(starts ? char.ToUpperInvariant(c)
                    : char.IsAsciiLetterLower(previous) ? c
                    : char.ToLowerInvariant(c));
            }

            previous = c;
        }

        return result.ToString();
    }
}
