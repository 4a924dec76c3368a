// SPDX-License-Identifier: Apache-2.0

using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Text;
using Peregrine.Protobuf.WellKnownTypes;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Cli;

/// <summary>
/// <c>--encode</c>, <c>--decode</c> and <c>--decode_raw</c>: reads one message from standard input and writes it in the other form to
/// standard output, as protoc does.
/// </summary>
internal sealed class MessageCodec(CompileSettings settings, TextWriter errors, ByteStreams streams, bool useColor)
{
    private const string InputName = "input";

    /// <summary>Turns the message.</summary>
    /// <param name="compiled">The descriptors of the compiled files and their imports.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public int Run(IEnumerable<FileDescriptorProto> compiled)
    {
        try
        {
            if (settings.Codec == CodecMode.DecodeRaw)
            {
                return Decode(new Empty(), null, TypeRegistry.Empty, []);
            }

            var descriptors = new CodecDescriptors(WithSets(compiled), readsBinary: settings.Codec == CodecMode.Decode);
            var pool = descriptors.Pool;
            if (pool.FindMessage(settings.CodecType) is not { } type)
            {
                errors.WriteLine("Type not defined: " + DisplayText.OneLine(settings.CodecType));
                return ExitCode.Failure;
            }

            var message = new DynamicMessage(type);
            var types = pool.ToTypeRegistry();
            return settings.Codec == CodecMode.Encode ? Encode(message, descriptors, types) : Decode(message, descriptors, types, pool.ToExtensionRegistry());
        }
        catch (Exception exception) when (exception is DescriptorValidationException or InvalidOperationException)
        {
            // A descriptor set that no compiler wrote, or a message that nests too deeply for the stack.
            errors.WriteLine("peregrine: " + DisplayText.OneLine(exception.Message));
            return ExitCode.Failure;
        }
    }

    // Sets may hold files that none of the compiled ones imports: types and extensions of these are known, too.
    private List<FileDescriptorProto> WithSets(IEnumerable<FileDescriptorProto> compiled)
    {
        List<FileDescriptorProto> files = [.. compiled];
        HashSet<string> names = [.. files.Select(file => file.Name)];
        foreach (var path in settings.DescriptorSetsIn)
        {
            var set = FileDescriptorSet.Parser.ParseFrom(InputBytes.ReadFile(path, InputBytes.MaxMessages));
            files.AddRange(set.File.Where(file => names.Add(file.Name)));
        }

        return files;
    }

    private int Encode(IMessage message, CodecDescriptors descriptors, TypeRegistry types)
    {
        // protoc has no limit here; the parser itself stops where the stack would end.
        var parser = new TextParser(TextParser.Settings.Default
            .WithFollowProtoc(true).WithAllowPartial(true).WithTypeRegistry(types).WithRecursionLimit(int.MaxValue)
            .WithWarningHandler(warning => Tell(DiagnosticSeverity.Warning, "PRG1501", warning.Line, warning.Column, warning.Message)));
        try
        {
            parser.Merge(message, Read(InputBytes.MaxText));
        }
        catch (InvalidTextFormatException exception)
        {
            Tell(DiagnosticSeverity.Error, "PRG1500", exception.Line, exception.Column, exception.Reason);
            return FailedToParse();
        }

        descriptors.CompleteEntries(message, sorts: settings.DeterministicOutput);
        WarnOfMissingFields(message, types);
        ArrayBufferWriter<byte> bytes = new(int.Max(message.CalculateSize(), 1));
        var writer = new WireWriter(bytes) { Deterministic = settings.DeterministicOutput };
        message.WriteTo(ref writer);
        writer.Flush();
        Write(bytes.WrittenSpan);
        return ExitCode.Success;
    }

    private int Decode(IMessage message, CodecDescriptors? descriptors, TypeRegistry types, ExtensionRegistry extensions)
    {
        try
        {
            message.MergePartialFrom(Read(InputBytes.MaxMessages), extensions);
        }
        catch (InvalidProtocolBufferException exception)
        {
            errors.WriteLine("peregrine: " + DisplayText.OneLine(exception.Message));
            return FailedToParse();
        }

        descriptors?.CompleteEntries(message, sorts: true);
        WarnOfMissingFields(message, types);
        ArrayBufferWriter<byte> text = new();
        new TextFormatter(TextFormatter.Settings.Default.WithTypeRegistry(types).WithExpandAny(false)).Format(message, text);
        Write(text.WrittenSpan);
        return ExitCode.Success;
    }

    private byte[] Read(int limit)
    {
        using var input = streams.OpenInput();
        return InputBytes.Read(input, limit);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        using var output = streams.OpenOutput();
        output.Write(bytes);
        output.Flush();
    }

    private void WarnOfMissingFields(IMessage message, TypeRegistry types)
    {
        if (!message.IsInitialized())
        {
            errors.WriteLine("warning:  Input message is missing required fields:  " + string.Join(", ", MissingFields.Of(message, types)));
        }
    }

    private int FailedToParse()
    {
        errors.WriteLine("Failed to parse input.");
        return ExitCode.Failure;
    }

    private void Tell(DiagnosticSeverity severity, string id, int line, int column, string message) =>
        DiagnosticRenderer.Render(errors, new Diagnostic(severity, id, InputName, line, column, message), settings.ErrorFormat, useColor);
}
