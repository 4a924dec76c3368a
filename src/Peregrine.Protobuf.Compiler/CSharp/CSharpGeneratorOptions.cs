// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>What a caller of <see cref="CSharpGenerator"/> sets; as command-line text these are the <c>--csharp_opt</c> options.</summary>
public sealed record CSharpGeneratorOptions
{
    // Every option that is on or off, by its name; some names are those of the generators that this one replaces.
    private static readonly Dictionary<string, Func<CSharpGeneratorOptions, bool, CSharpGeneratorOptions>> Switches =
        new(StringComparer.Ordinal)
        {
            ["internal_access"] = static (options, value) => options with { InternalAccess = value },
            ["nullable"] = static (options, value) => options with { Nullable = value },
            ["nullable_optional"] = static (options, value) => options with { NullableOptional = value },
            ["required_members"] = static (options, value) => options with { RequiredMembers = value },
            ["client_interfaces"] = static (options, value) => options with { ClientInterfaces = value },
            ["append_async_suffix"] = static (options, value) => options with { AppendAsyncSuffix = value },
            ["serializable"] = static (options, value) => options with { Serializable = value },
            ["strip_nonfunctional_codegen"] = static (options, value) => options with { StripNonfunctionalCode = value },
            ["experimental_strip_nonfunctional_codegen"] = static (options, value) => options with { StripNonfunctionalCode = value },
            ["no_client"] = static (options, value) => options.Without(GrpcServices.Client, value),
            ["no_server"] = static (options, value) => options.Without(GrpcServices.Server, value),
        };

    private static readonly Dictionary<string, GrpcServices> Halves = new(StringComparer.OrdinalIgnoreCase)
    {
        ["both"] = GrpcServices.Both,
        ["client"] = GrpcServices.Client,
        ["server"] = GrpcServices.Server,
        ["none"] = GrpcServices.None,
    };

    /// <summary>Whether message classes are generated. Default: true.</summary>
    public bool Messages { get; init; } = true;

    /// <summary>Which halves of services are generated (<c>services</c>). Default: both.</summary>
    public GrpcServices Services { get; init; } = GrpcServices.Both;

    /// <summary>Whether generated top-level types are internal instead of public (<c>internal_access</c>). Default: false.</summary>
    public bool InternalAccess { get; init; }

    /// <summary>What file names end with (<c>file_extension</c>). Default: <c>.cs</c>.</summary>
    public string FileExtension { get; init; } = ".cs";

    /// <summary>
    /// What the names of service files end with (<c>file_suffix</c>). Default: null, which is <c>Grpc</c> and
    /// <see cref="FileExtension"/>.
    /// </summary>
    public string? ServiceFileSuffix { get; init; }

    /// <summary>
    /// If not null, outputs lie in folders named by the namespace, of which this leading part is left out
    /// (the empty text leaves out nothing) (<c>base_namespace</c>). Default: null, all outputs in one folder.
    /// </summary>
    public string? BaseNamespace { get; init; }

    /// <summary>
    /// Whether the code says which references may be null (<c>nullable</c>). Without it the compiler knows nothing about
    /// them, as with code that is older than such annotations. Default: true.
    /// </summary>
    public bool Nullable { get; init; } = true;

    /// <summary>
    /// Whether the property of a scalar field with presence is of a nullable type, null meaning "not set"
    /// (<c>nullable_optional</c>). Default: false.
    /// </summary>
    public bool NullableOptional { get; init; }

    /// <summary>
    /// Whether required fields become members that C# requires of object initializers (<c>required_members</c>). Such a class
    /// has no <c>new M()</c> and cannot take the place of a type parameter with the constraint <c>new()</c>. Default: false.
    /// </summary>
    public bool RequiredMembers { get; init; }

    /// <summary>Whether clients get an interface, which they implement (<c>client_interfaces</c>). Default: true.</summary>
    public bool ClientInterfaces { get; init; } = true;

    /// <summary>Whether the methods of server base classes end in <c>Async</c> (<c>append_async_suffix</c>). Default: false.</summary>
    public bool AppendAsyncSuffix { get; init; }

    /// <summary>Whether message classes carry <see cref="SerializableAttribute"/> (<c>serializable</c>). Default: false.</summary>
    public bool Serializable { get; init; }

    /// <summary>
    /// Whether attributes are left out that tools read and that nothing runs by: that of generated code and that of
    /// debuggers (<c>strip_nonfunctional_codegen</c>). Default: false.
    /// </summary>
    public bool StripNonfunctionalCode { get; init; }

    /// <summary>What follows a reference type that may be null.</summary>
    internal string NullMark => Nullable ? "?" : "";

    /// <summary>Reads the options' text, <c>name=value</c> parts apart by commas, over these options.</summary>
    /// <param name="text">As <c>services=client,internal_access</c>; a switch without a value is on.</param>
    /// <param name="options">The options; these, unchanged, on an error.</param>
    /// <param name="error">What is wrong and what is possible; null on success.</param>
    /// <returns>Whether every option is known and has a good value.</returns>
    public bool TryParse(string text, out CSharpGeneratorOptions options, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        options = this;
        error = null;
        var result = this;
        foreach (var part in text.Split(',').Select(part => part.Trim()).Where(part => part.Length != 0))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (part, null) : (part[..equals], part[(equals + 1)..]);
            if (Switches.TryGetValue(name, out var change))
            {
                var on = true;
                if (value is not null && !bool.TryParse(value, out on))
                {
                    error = $"\"{part}\" is not known: say {name}, which is the same as {name}=true, or {name}=false.";
                    return false;
                }

                result = change(result, on);
                continue;
            }

            switch (name)
            {
                case "services" when Halves.TryGetValue(value ?? "", out var services):
                    result = result with { Services = services };
                    break;
                case "services":
                    error = $"\"{part}\" is not known: say services=both, client, server or none.";
                    return false;
                case "file_extension":
                    result = result with { FileExtension = value ?? "" };
                    break;
                case "file_suffix":
                    result = result with { ServiceFileSuffix = value ?? "" };
                    break;
                case "base_namespace":
                    result = result with { BaseNamespace = value ?? "" };
                    break;
                default:
                    error = $"The C# option \"{name}\" is not known. Known are services, file_extension, file_suffix, "
                        + $"base_namespace, {string.Join(", ", Switches.Keys.SkipLast(1))} and {Switches.Keys.Last()}.";
                    return false;
            }
        }

        options = result;
        return true;
    }

    private CSharpGeneratorOptions Without(GrpcServices half, bool value) => value ? this with { Services = Services & ~half } : this;
}
