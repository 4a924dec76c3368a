// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>What a caller of <see cref="CSharpGenerator"/> sets; as command-line text these are the <c>--csharp_opt</c> options.</summary>
public sealed record CSharpGeneratorOptions
{
    /// <summary>Whether message classes are generated. Default: true.</summary>
    public bool Messages { get; init; } = true;

    /// <summary>Which halves of services are generated. Default: both.</summary>
    public GrpcServices Services { get; init; } = GrpcServices.Both;

    /// <summary>Whether generated top-level types are internal instead of public. Default: false.</summary>
    public bool InternalAccess { get; init; }

    /// <summary>What file names end with. Default: <c>.cs</c>.</summary>
    public string FileExtension { get; init; } = ".cs";

    /// <summary>
    /// If not null, outputs lie in folders named by the namespace, of which this leading part is left out
    /// (the empty text leaves out nothing). Default: null, all outputs in one folder.
    /// </summary>
    public string? BaseNamespace { get; init; }

    /// <summary>Reads the options' text, <c>name=value</c> parts apart by commas, over these options.</summary>
    /// <param name="text">As <c>services=client,internal_access</c>.</param>
    /// <param name="options">The options; these, unchanged, on an error.</param>
    /// <param name="error">What is wrong and what is possible; null on success.</param>
    /// <returns>Whether every option is known and has a good value.</returns>
    public bool TryParse(string text, out CSharpGeneratorOptions options, out string? error)
    {
        options = this;
        error = null;
        var result = this;
        foreach (var part in text.Split(',').Select(part => part.Trim()).Where(part => part.Length != 0))
        {
            var equals = part.IndexOf('=', System.StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            switch (name)
            {
                case "services" when ParseServices(value) is { } services:
                    result = result with { Services = services };
                    break;
                case "services":
                    error = $"\"services={value}\" is not known: say services=both, client, server or none.";
                    return false;
                case "internal_access" when equals < 0:
                    result = result with { InternalAccess = true };
                    break;
                case "internal_access":
                    error = "\"internal_access\" takes no value.";
                    return false;
                case "file_extension":
                    result = result with { FileExtension = value };
                    break;
                case "base_namespace":
                    result = result with { BaseNamespace = value };
                    break;

                // The plugin for services that this generator replaces has these; they fold into "services".
                case "no_client":
                    result = result with { Services = result.Services & ~GrpcServices.Client };
                    break;
                case "no_server":
                    result = result with { Services = result.Services & ~GrpcServices.Server };
                    break;
                default:
                    error = $"The C# option \"{name}\" is not known. Known are services, internal_access, file_extension, "
                        + "base_namespace, no_client and no_server.";
                    return false;
            }
        }

        options = result;
        return true;
    }

    private static GrpcServices? ParseServices(string value)
    {
        foreach (var (name, services) in (IReadOnlyList<(string, GrpcServices)>)
            [("both", GrpcServices.Both), ("client", GrpcServices.Client), ("server", GrpcServices.Server), ("none", GrpcServices.None)])
        {
            if (string.Equals(name, value, System.StringComparison.OrdinalIgnoreCase))
            {
                return services;
            }
        }

        return null;
    }
}
