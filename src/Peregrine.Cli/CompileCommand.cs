// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.IO;
using Peregrine.Protobuf.Compiler.Diagnostics;

namespace Peregrine.Cli;

/// <summary>The command <c>peregrine compile</c>: protoc's flags by protoc's names, so that scripts move over.</summary>
internal static class CompileCommand
{
    private const string Help = """
        Compiles .proto files to C#, to descriptors, or to whatever a plugin of protoc generates.

        Usage:
          peregrine compile [OPTIONS] FILE...

        FILE is a .proto file: a path, or a name below one of the --proto_path directories. @FILE stands for the lines of FILE, one argument
        a line. A value follows its option behind "=" or as the next argument; -I and -o take it glued on, too.

        Where .proto files are found:
          -I, --proto_path=DIR        Look up imports below DIR. May be given several times, and hold several directories parted by ":" (";" on
                                      Windows); the first match wins. PREFIX=DIR maps a virtual prefix. Without any, the roots are inferred: the
                                      current directory, and what the files and their imports imply.
          --descriptor_set_in=FILES   Take files that are not found as text from these descriptor sets, parted like directories. Without
                                      --proto_path, all files come from there.

        What is generated (the folders are made if they are missing; a name ending in .zip or .jar is an archive):
          --csharp_out=DIR            C#: messages, and services unless --grpc_out says where those go.
          --csharp_opt=OPTIONS        services=both|client|server|none, internal_access, file_extension=.cs, base_namespace=NAME ...;
                                      commas between them. OPTIONS:DIR in --csharp_out sets options, too.
          --grpc_out=DIR              The C# of services.
          --grpc_opt=OPTIONS          no_client, no_server, internal_access; commas between them.
          --NAME_out=[OPTIONS:]DIR    What the plugin protoc-gen-NAME generates; it is looked for in PATH.
          --NAME_opt=OPTIONS          The parameter of that plugin; several are joined by commas.
          --plugin=[NAME=]PATH        The program of a plugin, such as protoc-gen-go=/opt/go/bin/protoc-gen-go.

        Descriptors:
          -o, --descriptor_set_out=FILE
                                      Write a FileDescriptorSet with the files.
          --include_imports           The set holds everything imported, too.
          --include_source_info       The set keeps positions and comments.
          --retain_options            The set keeps options that are for source files only, and options as they are written.
          --edition_defaults_out=FILE Write the defaults of features (FeatureSetDefaults), for the editions from
                                      --edition_defaults_minimum=EDITION to --edition_defaults_maximum=EDITION: PROTO2, PROTO3, 2023, 2024.

        Messages, from standard input to standard output:
          --encode=TYPE               Read a message of the type in text format, write it in binary. The files must define the type or import
                                      it; without files, --descriptor_set_in has it.
          --decode=TYPE               Read a message of the type in binary, write it in text format.
          --decode_raw                The same for a type that is not known: fields are named by their numbers. Takes no files.
          --deterministic_output      With --encode, write maps in the order of their keys.

        Checks and messages:
          --dependency_out=FILE       Write the files read, as a make rule for the files written.
          --error_format=FORMAT       text (default), gcc, msvs or json.
          --fatal_warnings            A warning fails the command.
          --disallow_services         A file with services is an error.
          --direct_dependencies=LIST  The only files that may be imported, parted by ":"; --direct_dependencies_violation_msg=TEXT is said
                                      about others, with the name in place of %s.
          --option_dependencies=LIST  The same for "import option", with --option_dependencies_violation_msg=TEXT.
          --print_free_field_numbers  Print the field numbers that are free in each message; nothing is written.
          --version                   Print the version of protoc whose behaviour this command has.
          -h, --help                  Print this text.

        Exit codes: 0 success, 1 the files have errors, or something cannot be read, written or generated, 2 the command line is wrong.
        Nothing is written unless all files compile and all generators succeed.
        """;

    /// <summary>Runs the command.</summary>
    /// <param name="args">The arguments behind <c>compile</c>.</param>
    /// <param name="output">Where help and the version go.</param>
    /// <param name="errors">Where errors and warnings go.</param>
    /// <param name="streams">Where messages are read from and written to.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter errors, ByteStreams streams)
    {
        var settings = CompileArguments.Parse(args, out var problems, out var request);
        switch (args is [] ? "--help" : request)
        {
            case "--help":
                output.WriteLine(Help);
                return ExitCode.Success;
            case "--version":
                // Scripts that look at the version of protoc look at this line.
                output.WriteLine("libprotoc 35.1");
                return ExitCode.Success;
        }

        foreach (var problem in problems)
        {
            errors.WriteLine("peregrine: " + DisplayText.OneLine(problem));
        }

        if (problems.Count > 0)
        {
            errors.WriteLine("Run \"peregrine compile --help\" for what is possible.");
            return ExitCode.Usage;
        }

        foreach (var warning in settings.Warnings)
        {
            errors.WriteLine("peregrine: warning: " + DisplayText.OneLine(warning));
        }

        return new CompileRun(settings, output, errors, streams).Run();
    }
}
