// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;
using System.Text;
using Peregrine.Protobuf.Compiler.Diagnostics;

namespace Peregrine.Build;

/// <summary>The program that the targets run: <c>dotnet exec Peregrine.Build.dll REQUEST-FILE</c>.</summary>
/// <remarks>Exit codes: 0 all is generated, 1 the .proto files have errors (printed in MSBuild's form), 2 the request is wrong.</remarks>
internal static class Program
{
    private static int Main(string[] args)
    {
        // Not Console.Out: the targets read UTF-8, and finding out the console's encoding takes time.
        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        if (args.Length != 1)
        {
            output.WriteLine("peregrine : error PRG9000: usage: Peregrine.Build REQUEST-FILE (the targets of Peregrine.Build write it).");
            return 2;
        }

        try
        {
            return new ProtobufBuild(BuildRequest.Read(args[0]), output).Run() ? 0 : 1;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            // What the file system or the request says: one line that MSBuild shows as an error, without a stack.
            output.WriteLine("peregrine : error PRG9001: " + DisplayText.OneLine(exception.Message));
            return 2;
        }
    }
}
