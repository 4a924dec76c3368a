// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli;

/// <summary>
/// Reads the command line of <c>peregrine compile</c> by the rules of protoc: <c>--name=value</c> or <c>--name value</c>, one letter with
/// its value glued on or behind it, <c>@FILE</c> for the lines of a file, and <c>--NAME_out</c> for any generator.
/// </summary>
/// <remarks>
/// A parser of its own: libraries for command lines want options declared, but the names of <c>--NAME_out</c> and <c>--NAME_opt</c> are
/// whatever plugins there are, and their order counts; and scripts that come from protoc rely on its rules, not on those of a library.
/// </remarks>
internal sealed class CompileArguments
{
    private static readonly HashSet<string> WithoutValue =
    [
        "-h", "--help", "--include_imports", "--include_source_info", "--retain_options", "--fatal_warnings", "--print_free_field_numbers",
        "--disallow_services", "--experimental_allow_proto3_optional", "--version", "--decode_raw", "--deterministic_output",
    ];

    private readonly CompileSettings _settings = new();
    private readonly List<string> _errors = [];
    private readonly HashSet<string> _given = [];
    private bool _help;
    private bool _version;

    private readonly bool _windows;
    private readonly char _pathSeparator;

    private CompileArguments(bool windows)
    {
        _windows = windows;
        _pathSeparator = windows ? ';' : ':';
    }

    /// <summary>Reads arguments.</summary>
    /// <param name="args">The arguments behind <c>compile</c>.</param>
    /// <param name="errors">What is wrong with them.</param>
    /// <param name="request">What else than compiling is asked for: <c>--help</c> or <c>--version</c>; null if nothing is.</param>
    public static CompileSettings Parse(IReadOnlyList<string> args, out IReadOnlyList<string> errors, out string? request) =>
        Parse(args, OperatingSystem.IsWindows(), out errors, out request);

    /// <summary>Reads arguments as on Windows, or as elsewhere: drives, what parts directories, slashes, patterns of files.</summary>
    internal static CompileSettings Parse(IReadOnlyList<string> args, bool windows, out IReadOnlyList<string> errors, out string? request)
    {
        var parser = new CompileArguments(windows);
        parser.Read(parser.Expand(args));
        request = parser._help ? "--help" : parser._version ? "--version" : null;
        if (request is null)
        {
            parser.Check();
        }

        errors = parser._errors;
        return parser._settings;
    }

    private List<string> Expand(IReadOnlyList<string> args)
    {
        var expanded = new List<string>();
        foreach (var arg in args)
        {
            if (arg.Length < 2 || arg[0] != '@')
            {
                expanded.Add(arg);
                continue;
            }

            try
            {
                // One argument a line, blanks and quotes belong to it; empty lines are none.
                using var lines = new StreamReader(new MemoryStream(InputBytes.ReadFile(arg[1..], InputBytes.MaxText)));
                while (lines.ReadLine() is { } line)
                {
                    if (line.Contains('\0', StringComparison.Ordinal))
                    {
                        _errors.Add($"The file of arguments \"{arg}\" has a NUL character in the line \"{line}\".");
                    }
                    else if (line.Length != 0)
                    {
                        expanded.Add(line);
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                _errors.Add($"The file of arguments \"{arg}\" cannot be read: {exception.Message}");
            }
        }

        return expanded;
    }

    private void Read(List<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = Split(args[i]);
            if (name.Length == 0)
            {
                AddFile(value!);
                continue;
            }

            if (value is null && !WithoutValue.Contains(name))
            {
                if (i + 1 == args.Count || args[i + 1].StartsWith('-'))
                {
                    _errors.Add(IsKnown(name) ? $"The option {name} needs a value." : NotKnown(name));
                    continue;
                }

                value = args[++i];
            }

            Set(name, value ?? "", hasValue: value is not null);
        }
    }

    private static (string Name, string? Value) Split(string arg)
    {
        if (arg.Length < 2 || arg[0] != '-')
        {
            return ("", arg);
        }

        if (arg[1] != '-')
        {
            return arg.Length == 2 ? (arg, null) : (arg[..2], arg[2] == '=' ? arg[3..] : arg[2..]);
        }

        var equals = arg.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (arg, null) : (arg[..equals], arg[(equals + 1)..]);
    }

    private void AddFile(string path)
    {
        if (path.Length == 0)
        {
            _errors.Add("One of the arguments is an empty text.");
        }
        else if (_windows && path.AsSpan().ContainsAny('*', '?'))
        {
            // Elsewhere the shell does that.
            var directory = Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".";
            var matches = Directory.Exists(directory) ? Directory.GetFiles(directory, Path.GetFileName(path)) : [];
            _settings.Files.AddRange(matches.Order(StringComparer.Ordinal));
            if (matches.Length == 0)
            {
                _errors.Add($"No file matches \"{path}\".");
            }
        }
        else
        {
            _settings.Files.Add(path);
        }
    }

    private bool IsKnown(string name) => name is "-I" or "--proto_path" or "--plugin" || IsForGenerator(name, "_out") || IsForGenerator(name, "_opt")
        || SetOnce(name) is not null;

    private static bool IsForGenerator(string name, string ending) =>
        name.StartsWith("--", StringComparison.Ordinal) && name.EndsWith(ending, StringComparison.Ordinal) && name.Length > 2 + ending.Length;

    private static string NotKnown(string name) => $"\"{name}\" is not an option of this command; a file of that name is \"./{name}\".";

    private void Set(string name, string value, bool hasValue)
    {
        switch (name)
        {
            case "-h" or "--help":
                _help = true;
                return;
            case "--version":
                _version = true;
                return;
            case "-I" or "--proto_path":
                AddProtoPaths(value);
                return;
            case "--plugin":
                AddPlugin(value);
                return;
            case "--experimental_allow_proto3_optional":
                return; // what it once allowed is the language now
            case "--unsafe_allow_out_dir_escape":
                _errors.Add("No output leaves its folder: --unsafe_allow_out_dir_escape does not exist here. Name the folder that holds all outputs.");
                return;
        }

        if (IsForGenerator(name, "_opt"))
        {
            var generator = name[2..^4];
            if (!_settings.Parameters.TryGetValue(generator, out var parts))
            {
                _settings.Parameters.Add(generator, parts = []);
            }

            parts.Add(value);
        }
        else if (SetOnce(name) is { } set)
        {
            if (!_given.Add(name == "-o" ? "--descriptor_set_out" : name))
            {
                _errors.Add($"The option {name} can be given once only.");
            }
            else if (value.Length == 0 && !WithoutValue.Contains(name) && name is not ("--direct_dependencies" or "--option_dependencies"))
            {
                _errors.Add($"The option {name} needs a value.");
            }
            else if (hasValue && WithoutValue.Contains(name))
            {
                _errors.Add($"The option {name} takes no value.");
            }
            else
            {
                set(value);
            }
        }
        else if (IsForGenerator(name, "_out"))
        {
            _settings.Outputs.Add(OutputDirective.Parse(name[2..^4], value, _windows));
        }
        else
        {
            _errors.Add(NotKnown(name));
        }
    }

    private Action<string>? SetOnce(string name) => name switch
    {
        "-o" or "--descriptor_set_out" => value => _settings.DescriptorSetOut = value,
        "--descriptor_set_in" => value => _settings.DescriptorSetsIn.AddRange(value.Split(_pathSeparator, StringSplitOptions.RemoveEmptyEntries)),
        "--dependency_out" => value => _settings.DependencyOut = value,
        "--include_imports" => _ => _settings.IncludeImports = true,
        "--include_source_info" => _ => _settings.IncludeSourceInfo = true,
        "--retain_options" => _ => _settings.RetainOptions = true,
        "--fatal_warnings" => _ => _settings.FatalWarnings = true,
        "--print_free_field_numbers" => _ => _settings.PrintFreeFieldNumbers = true,
        "--disallow_services" => _ => _settings.DisallowServices = true,
        "--direct_dependencies" => value => _settings.DirectDependencies = ToSet(value),
        "--direct_dependencies_violation_msg" => value => _settings.DirectDependenciesMessage = value,
        "--option_dependencies" => value => _settings.OptionDependencies = ToSet(value),
        "--option_dependencies_violation_msg" => value => _settings.OptionDependenciesMessage = value,
        "--edition_defaults_out" => value => _settings.EditionDefaultsOut = value,
        "--edition_defaults_minimum" => value => _settings.EditionDefaultsMinimum = ParseEdition(name, value),
        "--edition_defaults_maximum" => value => _settings.EditionDefaultsMaximum = ParseEdition(name, value),
        "--error_format" => SetErrorFormat,
        "--encode" => value => SetCodec(name, CodecMode.Encode, value),
        "--decode" => value => SetCodec(name, CodecMode.Decode, value),
        "--decode_raw" => value => SetCodec(name, CodecMode.DecodeRaw, value),
        "--deterministic_output" => _ => _settings.DeterministicOutput = true,
        _ => null,
    };

    private static HashSet<string> ToSet(string value) => [.. value.Split(':', StringSplitOptions.RemoveEmptyEntries)];

    private Edition ParseEdition(string name, string value)
    {
        // As the enum of descriptor.proto calls them, without EDITION_.
        switch (value)
        {
            case "LEGACY":
                return Edition.Legacy;
            case "PROTO2":
                return Edition.Proto2;
            case "PROTO3":
                return Edition.Proto3;
            case "2023":
                return Edition._2023;
            case "2024":
                return Edition._2024;
            case "UNSTABLE":
                return Edition.Unstable;
            case "MAX":
                return Edition.Max;
            default:
                _errors.Add($"{name}: \"{value}\" is no edition: say PROTO2, PROTO3, 2023, 2024 or UNSTABLE.");
                return Edition.Unknown;
        }
    }

    private void SetErrorFormat(string value)
    {
        if (value is "text" or "gcc" or "msvs" or "json")
        {
            _settings.ErrorFormat = Enum.Parse<DiagnosticFormat>(value, ignoreCase: true);
        }
        else
        {
            _errors.Add($"\"{value}\" is no format of errors: say --error_format=text, gcc, msvs or json.");
        }
    }

    private void SetCodec(string name, CodecMode mode, string type)
    {
        if (_settings.Codec != CodecMode.None)
        {
            _errors.Add($"{name}: only one of --encode, --decode and --decode_raw can be given.");
        }

        _settings.Codec = mode;
        _settings.CodecType = type;
    }

    private void AddProtoPaths(string value)
    {
        foreach (var part in value.Split(_pathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var isMapping = equals >= 0 && (Directory.Exists(part[(equals + 1)..]) || !Directory.Exists(part));
            var directory = isMapping ? part[(equals + 1)..] : part;
            if (directory.Length == 0)
            {
                _errors.Add("--proto_path names no directory. The current one is \".\".");
                continue;
            }

            if (!Directory.Exists(directory))
            {
                _settings.Warnings.Add($"The directory \"{directory}\" of --proto_path does not exist.");
            }

            _settings.ProtoPaths.Add((isMapping ? part[..equals] : "", Canonical(directory)));
        }
    }

    // As protoc spells directories in what it writes: without parts that say nothing, but with the slash at the end if there is one, and
    // with forward slashes behind the two backslashes of a Windows host.
    private string Canonical(string directory)
    {
        if (_windows)
        {
            var host = directory.StartsWith(@"\\", StringComparison.Ordinal) ? @"\\" : "";
            directory = directory[host.Length..].Replace('\\', '/');
            if (host.Length != 0)
            {
                return host + directory;
            }
        }

        var parts = directory.Split('/').Where(part => part is not ("" or ".")).ToArray();
        var path = (directory.StartsWith('/') ? "/" : "") + string.Join('/', parts) + (parts.Length > 0 && directory.EndsWith('/') ? "/" : "");
        return path.Length == 0 ? "." : path;
    }

    private void AddPlugin(string value)
    {
        var equals = value.IndexOf('=', StringComparison.Ordinal);
        var name = equals >= 0 ? value[..equals] : value[((_windows ? value.AsSpan().LastIndexOfAny('/', '\\') : value.LastIndexOf('/')) + 1)..];
        if (equals < 0 && _windows)
        {
            name = Path.GetFileNameWithoutExtension(name);
        }

        if (name.Length == 0 || equals == value.Length - 1)
        {
            _errors.Add($"--plugin={value} names no program: say --plugin=protoc-gen-NAME=FILE.");
            return;
        }

        _settings.Plugins[name] = equals >= 0 ? value[(equals + 1)..] : value;
    }

    private void Check()
    {
        var settings = _settings;
        if (settings.Codec == CodecMode.None && settings.Files.Count == 0)
        {
            _errors.Add("There is nothing to compile: name one or more .proto files.");
        }

        CheckCodec();
        if (settings.Codec == CodecMode.None && settings.Outputs.Count == 0 && settings.DescriptorSetOut is null && settings.EditionDefaultsOut is null && !settings.PrintFreeFieldNumbers)
        {
            _errors.Add("There is nothing to write: give --csharp_out, --grpc_out, --NAME_out or --descriptor_set_out.");
        }

        if (settings.PrintFreeFieldNumbers && (settings.Outputs.Count > 0 || settings.DescriptorSetOut is not null || settings.DependencyOut is not null))
        {
            _errors.Add("--print_free_field_numbers prints and writes nothing: leave the outputs out.");
        }

        foreach (var name in settings.Parameters.Keys.Where(name => !settings.Plugins.ContainsKey("protoc-gen-" + name) && settings.Outputs.All(output => output.Name != name)))
        {
            _errors.Add($"--{name}_opt sets options of --{name}_out, which is not given.");
        }

        foreach (var name in new[] { "--include_imports", "--include_source_info", "--retain_options" })
        {
            if (_given.Contains(name) && settings.DescriptorSetOut is null)
            {
                settings.Warnings.Add($"{name} says how the descriptor set is written: without --descriptor_set_out it has no effect.");
            }
        }

        if (settings.DependencyOut is not null && settings.DescriptorSetsIn.Count > 0)
        {
            _errors.Add("--dependency_out lists .proto files on disk: it cannot be used with --descriptor_set_in.");
        }
    }

    private void CheckCodec()
    {
        var settings = _settings;
        if (settings.DeterministicOutput && settings.Codec != CodecMode.Encode)
        {
            _errors.Add("--deterministic_output says how --encode writes, which is not given.");
        }

        if (settings.Codec == CodecMode.None)
        {
            return;
        }

        var given = settings.Files.Count > 0 || settings.DescriptorSetsIn.Count > 0;
        if (settings.Codec == CodecMode.DecodeRaw && given)
        {
            _errors.Add("--decode_raw knows no types: leave the input files out, or say --decode=TYPE.");
        }
        else if (settings.Codec != CodecMode.DecodeRaw && !given)
        {
            _errors.Add($"The type {settings.CodecType} must come from somewhere: name the .proto file that has it, or give --descriptor_set_in.");
        }

        if (settings.Outputs.Count > 0 || settings.DescriptorSetOut is not null || settings.EditionDefaultsOut is not null
            || settings.DependencyOut is not null || settings.PrintFreeFieldNumbers)
        {
            _errors.Add("--encode, --decode and --decode_raw write a message to standard output and nothing else: leave the other outputs out.");
        }
    }
}
