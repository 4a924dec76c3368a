// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Peregrine.Cli;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Text;
using Peregrine.Protobuf.Wire;
using Peregrine.TestKit;
using ProtobufFuzz.Messages;

namespace ProtobufFuzz;

/// <summary>
/// The targets that compare with <c>protoc --decode</c> and <c>--encode</c>; they need the program in PEREGRINE_PROTOC. Messages are read with
/// the descriptors of our tool, which keep what protoc keeps: every entry of a map, whatever its key, and bytes that are not UTF-8.
/// </summary>
internal static partial class ProtocTargets
{
    private static readonly string TypeName = Nest.Descriptor.FullName;
    private static readonly CodecDescriptors ForBinary = new(DepthInputs.Pool.Files.Select(file => file.ToProto()), readsBinary: true);
    private static readonly CodecDescriptors ForText = new(DepthInputs.Pool.Files.Select(file => file.ToProto()), readsBinary: false);
    private static readonly ExtensionRegistry Extensions = ForBinary.Pool.ToExtensionRegistry();
    private static readonly TextFormatter Formatter = new(TextFormatter.Settings.Default.WithTypeRegistry(ForBinary.Pool.ToTypeRegistry()).WithExpandAny(false));
    private static readonly TextParser Parser = new(TextParser.Settings.Default
        .WithFollowProtoc(true).WithAllowPartial(true).WithTypeRegistry(ForText.Pool.ToTypeRegistry()).WithRecursionLimit(int.MaxValue));

    private static readonly Lazy<string> DescriptorSet = new(WriteDescriptorSet);

    /// <summary>The targets.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("protoc-decode", [.. TextSamples().Select(Encode)], RunDecode),
        new("protoc-encode", [.. TextSamples().Select(Encoding.UTF8.GetBytes)], RunEncode),
    ];

    /// <summary>Texts of messages with all kinds of fields.</summary>
    public static string[] TextSamples() =>
    [
        "must: 1 child { must: -1 list { numbers: [1, 2, 300] } } numbers: 5 wide: 18446744073709551615",
        "map { key: 1 value { text: \"\\303\\244\\n\\\"\" } } map { key: -7 value { } } by_number { key: 9223372036854775807 value: 0x10 } by_name { key: \"a\\tb\" value: 017 }",
        "delimited { chosen < leaf { numbers: [] } > } [protobuf_fuzz.extended] { must: 2 } [protobuf_fuzz.extended_list] { } [protobuf_fuzz.extended_delimited] { text: 'it' \"s\" }",
        "set { [protobuf_fuzz.Item.item] { numbers: 1 set { [protobuf_fuzz.Item.item] { } } } }",
        "any { type_url: \"type.googleapis.com/protobuf_fuzz.Leaf\" value: \"\\010\\001\" }",
        "any { [type.googleapis.com/protobuf_fuzz.Leaf] { numbers: 1 } } value { number_value: -1.5e3 }",
        "value { struct_value { fields { key: \"k\" value { list_value { values { null_value: NULL_VALUE } values { bool_value: true } values { number_value: inf } } } } } }",
    ];

    private static byte[] Encode(string text)
    {
        IMessage message = NewMessage(ForText);
        Parser.Merge(message, text);
        return Bytes(message);
    }

    private static DynamicMessage NewMessage(CodecDescriptors descriptors) => new(descriptors.Pool.FindMessage(TypeName)!);

    private static byte[] Bytes(IMessage message)
    {
        byte[] bytes = new byte[message.CalculateSize()];
        WireWriter writer = new(bytes) { Deterministic = true };
        message.WriteTo(ref writer);
        return bytes;
    }

    private static string RunDecode(byte[] input)
    {
        byte[]? theirs = Protoc(input, "--decode=" + TypeName);
        string error = "";
        ArrayBufferWriter<byte> ours = new();
        try
        {
            IMessage message = NewMessage(ForBinary);
            message.MergePartialFrom(input, Extensions);
            ForBinary.CompleteEntries(message, sorts: true);
            Formatter.Format(message, ours);
        }
        catch (InvalidProtocolBufferException e)
        {
            error = e.Message;
        }

        if (theirs is not null && LongTag().IsMatch(error))
        {
            // protoc drops the bits above the 32nd of a tag; we refuse them.
            return "long tag";
        }

        Targets.Require(theirs is null == error.Length > 0, $"protoc {(theirs is null ? "refuses" : "takes")} it; here: {error}");
        Targets.Require(theirs is null || theirs.AsSpan().SequenceEqual(ours.WrittenSpan), $"protoc writes:\n{Encoding.UTF8.GetString(theirs ?? [])}\nhere:\n{Encoding.UTF8.GetString(ours.WrittenSpan)}");
        return Targets.Shape(error);
    }

    private static string RunEncode(byte[] input)
    {
        byte[]? theirs = Protoc(input, "--encode=" + TypeName, "--deterministic_output");
        string error = "";
        IMessage message = NewMessage(ForText);
        try
        {
            Parser.Merge(message, input);
            ForText.CompleteEntries(message, sorts: true);
        }
        catch (InvalidTextFormatException e)
        {
            error = e.Reason;
        }

        if (theirs is not null && error.StartsWith("\"type_url\" is a string, but its value is not valid UTF-8", StringComparison.Ordinal))
        {
            // protoc writes them; in our descriptors the fields of an Any stay what they are (see docs/known-gaps.md).
            return "type URL is not UTF-8";
        }

        Targets.Require(theirs is null == error.Length > 0, $"protoc {(theirs is null ? "refuses" : "takes")} it; here: {error}\n{Encoding.UTF8.GetString(input)}");
        Targets.Require(theirs is null || theirs.AsSpan().SequenceEqual(Bytes(message)), $"protoc writes {Convert.ToHexString(theirs ?? [])}\nhere {Convert.ToHexString(Bytes(message))}\n{Encoding.UTF8.GetString(input)}");
        return Targets.Shape(error);
    }

    /// <summary>What protoc writes, or null if it refuses the input.</summary>
    private static byte[]? Protoc(byte[] input, params string[] arguments)
    {
        string program = Environment.GetEnvironmentVariable("PEREGRINE_PROTOC") ?? throw new InvalidOperationException("Set PEREGRINE_PROTOC to the program protoc.");
        ProcessStartInfo start = new(program, ["--descriptor_set_in=" + DescriptorSet.Value, .. arguments, NestReflection.Descriptor.Name])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has seen enough.
        }

        // It reads all of its input before it writes.
        using MemoryStream output = new();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return process.ExitCode == 0 ? output.ToArray() : null;
    }

    [GeneratedRegex("^The tag 0x[0-9A-F]{9,} is invalid")]
    private static partial Regex LongTag();

    private static string WriteDescriptorSet()
    {
        string path = Path.GetTempFileName();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
        FileDescriptorSet set = new();
        set.File.Add(DepthInputs.Pool.Files.Select(file => file.ToProto()));
        File.WriteAllBytes(path, set.ToByteArray());
        return path;
    }
}
