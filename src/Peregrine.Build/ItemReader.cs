// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Protobuf.Compiler.CSharp;

namespace Peregrine.Build;

/// <summary>Gives the metadata of a Protobuf item their meaning.</summary>
internal static class ItemReader
{
    // Arguments that change nothing in any protoc of today; projects carry them from older ones.
    private static readonly string[] WithoutEffect = ["--experimental_allow_proto3_optional", "--experimental_editions"];

    /// <summary>Reads an item.</summary>
    /// <param name="fields">Its line.</param>
    /// <param name="project">The project's directory.</param>
    /// <param name="elsewhere">The root of files outside of the project that declare none, or null.</param>
    /// <exception cref="FormatException">A value is not known.</exception>
    public static BuildItem Read(RequestFields fields, string project, string? elsewhere)
    {
        var path = Path.GetFullPath(fields.Required("file"), project);
        var imports = fields.List("imports").Select(import => RequestFields.Absolute(import, project)).ToList();
        var options = new CSharpGeneratorOptions
        {
            Services = Services(fields),
            InternalAccess = Choice(fields, "access", "Access", ("Public", false), ("Internal", true)),
        };
        foreach (var (field, option) in ((string, string)[])
            [("nullable", "nullable"), ("nullableoptional", "nullable_optional"), ("required", "required_members"), ("interfaces", "client_interfaces")])
        {
            if (fields.Text(field) is { Length: > 0 } value)
            {
                options = Parse(fields, options, $"{option}={value}");
            }
        }

        foreach (var option in (string[])[.. fields.List("options", ','), .. fields.List("grpcoptions", ',')])
        {
            options = Parse(fields, options, option);
        }

        var fatalWarnings = false;
        foreach (var argument in fields.List("arguments"))
        {
            Argument(argument, imports, ref options, ref fatalWarnings);
        }

        return new BuildItem
        {
            Path = path,
            Root = fields.Directory("root", project) ?? (FilePath.IsBelow(path, project) ? null : elsewhere),
            ImportDirectories = imports,
            Options = options,
            OutputDirectory = fields.Directory("outputdir", project),
            ServiceOutputDirectory = fields.Directory("grpcoutputdir", project),
            Generate = Choice(fields, "generate", "ProtoCompile", ("True", true), ("False", false)),
            CompileOutputs = Choice(fields, "compile", "CompileOutputs", ("True", true), ("False", false)),
            GenerateReferenced = Choice(fields, "referencedtypes", "GenerateReferenced", ("False", false), ("True", true)),
            Pack = Choice(fields, "pack", "Pack", ("True", true), ("False", false)),
            NamesServicePlugin = fields.Text("plugin").Length != 0,
            FatalWarnings = fatalWarnings,
        };

        void Argument(string argument, List<string> imports, ref CSharpGeneratorOptions options, ref bool fatalWarnings)
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (argument, "") : (argument[..equals], argument[(equals + 1)..]);
            switch (name)
            {
                case "--proto_path":
                    imports.AddRange(value.Split(Path.PathSeparator).Select(import => RequestFields.Absolute(import, project)));
                    break;
                case "--csharp_opt" or "--grpc_opt":
                    options = Parse(fields, options, value);
                    break;
                case "--fatal_warnings":
                    fatalWarnings = true;
                    break;
                case var _ when WithoutEffect.Contains(name):
                    break;
                case var _ when argument.StartsWith("-I", StringComparison.Ordinal) && argument.Length > 2:
                    imports.AddRange(argument[2..].Split(Path.PathSeparator).Select(import => RequestFields.Absolute(import, project)));
                    break;
                default:
                    throw new FormatException(
                        $"The argument \"{argument}\" in AdditionalProtocArguments of {Name(fields)} cannot be honoured here. Possible are -I, "
                        + $"--proto_path, --csharp_opt, --grpc_opt, --fatal_warnings, {string.Join(", ", WithoutEffect)}; "
                        + "for other outputs run \"peregrine compile\" in a target of your own.");
            }
        }
    }

    // One of the four values, or several: "Client, Server".
    private static GrpcServices Services(RequestFields fields)
    {
        var parts = fields.List("services", ',', '|', ' ');
        var result = GrpcServices.None;
        foreach (var part in parts)
        {
            result |= part.ToUpperInvariant() switch
            {
                "BOTH" => GrpcServices.Both,
                "CLIENT" => GrpcServices.Client,
                "SERVER" => GrpcServices.Server,
                "NONE" => GrpcServices.None,
                _ => throw new FormatException(
                    $"GrpcServices=\"{fields.Text("services")}\" of {Name(fields)} is not known: say Both, Client, Server, None, or several of them "
                    + "with commas."),
            };
        }

        return parts.Length == 0 ? GrpcServices.Both : result;
    }

    private static CSharpGeneratorOptions Parse(RequestFields fields, CSharpGeneratorOptions options, string text) =>
        options.TryParse(text, out var parsed, out var error) ? parsed : throw new FormatException($"{Name(fields)}: {error}");

    // An empty value is the first choice: the default.
    private static T Choice<T>(RequestFields fields, string field, string metadata, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        var value = fields.Text(field);
        foreach (var choice in choices)
        {
            if (value.Length == 0 || value.Equals(choice.Name, StringComparison.OrdinalIgnoreCase))
            {
                return choice.Value;
            }
        }

        throw new FormatException($"{metadata}=\"{value}\" of {Name(fields)} is not known: say {choices[0].Name} or {choices[1].Name}.");
    }

    private static string Name(RequestFields fields) => $"the Protobuf item \"{fields.Text("file")}\"";
}
