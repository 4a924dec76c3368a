// SPDX-License-Identifier: Apache-2.0
using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Protobuf.Compiler.Plugin;

/// <summary>
/// A plugin in its own process: the request goes to its standard input while its standard output is read, what it says on standard error
/// goes where ours goes. There is no time limit, as with protoc: the user ends both.
/// </summary>
/// <param name="name">The name of the plugin, such as <c>protoc-gen-go</c>, for messages.</param>
/// <param name="executable">The full path of the program.</param>
public sealed class PluginProcess(string name, string executable) : ICodeGenerator
{
    // Unix shells and .NET alike report death by a signal as 128 and its number.
    private const int SignalBase = 128;

    /// <inheritdoc/>
    public CodeGeneratorResponse Generate(CodeGeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using Process process = Start();
        byte[] output;

        // Asked for here: a process whose input nobody has asked for closes it when it is disposed, which may be while it is written.
        Stream standardInput = process.StandardInput.BaseStream;
        Task<IOException?> sending = Task.Run(() => Send(standardInput, request));
        try
        {
            output = InputBytes.Read(process.StandardOutput.BaseStream, InputBytes.MaxMessages);
        }
        catch (IOException e)
        {
            // A plugin that never stops writing is not waited for.
            process.Kill(entireProcessTree: true);
            throw new PluginException($"{name}: What the plugin \"{executable}\" wrote cannot be read: {e.Message}", e);
        }

        // Whatever is not sent by then has nobody who would read it, though a program that the plugin left behind may hold the pipe open.
        process.WaitForExit();
        IOException? unsent = sending.IsCompletedSuccessfully ? sending.Result : null;
        if (process.ExitCode != 0)
        {
            bool killed = !OperatingSystem.IsWindows() && process.ExitCode > SignalBase;
            throw new PluginException(FormattableString.Invariant(killed
                ? (FormattableString)$"{name}: The plugin \"{executable}\" was killed by signal {process.ExitCode - SignalBase}."
                : $"{name}: The plugin \"{executable}\" failed with exit code {process.ExitCode}."), unsent);
        }

        try
        {
            return CodeGeneratorResponse.Parse(output);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new PluginException(
                FormattableString.Invariant($"{name}: What the plugin \"{executable}\" wrote, {output.Length} bytes, is no CodeGeneratorResponse. A plugin must not print anything else on standard output."), e);
        }
    }

    private Process Start()
    {
        ProcessStartInfo start = new(executable)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        try
        {
            return Process.Start(start) ?? throw new PluginException($"{name}: The plugin \"{executable}\" could not be started.");
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new PluginException($"{name}: The plugin \"{executable}\" could not be started: {e.Message}", e);
        }
    }

    // A plugin need not read its input to the end, or at all.
    private static IOException? Send(Stream standardInput, CodeGeneratorRequest request)
    {
        try
        {
            using (BufferedStream input = new(standardInput, 1 << 16))
            {
                request.WriteTo(input);
            }

            return null;
        }
        catch (IOException e)
        {
            return e;
        }
    }
}
