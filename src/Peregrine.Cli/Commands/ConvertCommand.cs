// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Calls;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Compiler.Output;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine convert</c>: a message from one form into another.</summary>
internal sealed class ConvertCommand : ToolCommand
{
    private static readonly string[] Forms = ["binary", "json", "text"];

    private readonly Argument<string?> _first = new("ADDRESS") { Arity = ArgumentArity.ZeroOrOne, Description = "A server whose reflection knows the type; left away with --proto or --descriptor-set." };
    private readonly Argument<string?> _second = new("TYPE") { Arity = ArgumentArity.ZeroOrOne, Description = "The message type by its full name." };
    private readonly Option<string> _from = new Option<string>("--from") { Description = "The form of the input: binary (default), json or text.", HelpName = "FORM", DefaultValueFactory = _ => "binary" }.AcceptOnlyFromAmong(Forms);
    private readonly Option<string> _to = new Option<string>("--to") { Description = "The form of the output: json (default), binary or text.", HelpName = "FORM", DefaultValueFactory = _ => "json" }.AcceptOnlyFromAmong(Forms);
    private readonly Option<string?> _input = new("--input", "-i") { Description = "The file to read; standard input by default.", HelpName = "FILE" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The file to write, whole or not at all; standard output by default.", HelpName = "FILE" };
    private readonly Option<bool> _emitDefaults = new("--emit-defaults") { Description = "JSON has fields that hold their default, too." };
    private readonly SchemaFlags _schema = new();
    private readonly ConnectionFlags _connection = new();
    private readonly Terminal _terminal;

    /// <summary>Makes it.</summary>
    public ConvertCommand(Terminal terminal)
        : base("convert", "Convert a message between binary, JSON and text format.")
    {
        _terminal = terminal;
        Add(_first);
        Add(_second);
        Add(new OptionGroup("Conversion", [_from, _to, _input, _output, _emitDefaults]));
        Add(_schema.Group);
        Add(_connection.Group);
        Examples =
        [
            "peregrine convert --proto greeter.proto demo.GreetRequest < request.bin",
            "peregrine convert --proto greeter.proto demo.GreetRequest --from json --to binary -i request.json -o request.bin",
            "peregrine convert localhost:9090 demo.GreetRequest --to text -i request.bin",
        ];
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var target = SchemaTarget.Read(result, _schema, result.GetValue(_first), result.GetValue(_second));
        if (target.Symbol is null)
        {
            throw new ToolException("Say of which type the message is: TYPE is missing.", ExitCode.Usage);
        }

        using var connection = target.Connect(result, _connection, _terminal);
        var schema = _schema.Open(result, connection, _terminal);
        var type = await schema.FindMessageAsync(target.Symbol, cancellationToken).ConfigureAwait(false);
        var message = await ReadAsync(Bytes(result.GetValue(_input)), result.GetValue(_from)!, type, schema, cancellationToken).ConfigureAwait(false);
        var bytes = result.GetValue(_to) == "binary"
            ? message.ToByteArray()
            : Encoding.UTF8.GetBytes(await TextAsync(message, result, schema, cancellationToken).ConfigureAwait(false) + "\n");
        Write(bytes, result.GetValue(_output), result.GetValue(_to) == "binary");
        return ExitCode.Success;
    }

    private static async Task<DynamicMessage> ReadAsync(byte[] input, string form, MessageDescriptor type, SchemaSource schema, CancellationToken cancellationToken)
    {
        switch (form)
        {
            case "json":
                return await MessageReader.FromJsonAsync(ByteOrderMark.Skip(input), type, schema, InputPlace.Start, cancellationToken).ConfigureAwait(false);
            case "text":
                return await MessageReader.FromTextAsync(Encoding.UTF8.GetString(ByteOrderMark.Skip(input).Span), type, schema, InputPlace.Start, cancellationToken).ConfigureAwait(false);
            default:
                try
                {
                    var message = new DynamicMessage(type);
                    message.MergePartialFrom(input, schema.Pool.ToExtensionRegistry());
                    return message;
                }
                catch (InvalidProtocolBufferException exception)
                {
                    throw new ToolException($"The input is no {type.FullName}: {exception.Message}");
                }
        }
    }

    private async Task<string> TextAsync(DynamicMessage message, ParseResult result, SchemaSource schema, CancellationToken cancellationToken)
    {
        var format = result.GetValue(_to) == "json" ? MessageText.Json : MessageText.Text;
        var formatter = new MessageFormatter(schema, format, result.GetValue(_emitDefaults))
        {
            WithoutJson = reason => throw new ToolException(
                $"{reason.Reason} {(reason.LacksType ? "Give the .proto file of that type, too, with --proto, or use --to text." : "Use --to text.")}"),
        };
        return await formatter.FormatAsync(message, cancellationToken).ConfigureAwait(false);
    }

    private byte[] Bytes(string? path)
    {
        if (path is not null)
        {
            return InputBytes.ReadFile(path, InputBytes.MaxMessages);
        }

        using var input = _terminal.Streams.OpenInput();
        return InputBytes.Read(input, InputBytes.MaxMessages);
    }

    private void Write(byte[] bytes, string? path, bool isBinary)
    {
        if (path is not null)
        {
            WholeFile.Write(path, file => file.Write(bytes));
            return;
        }

        if (isBinary && _terminal.IsInteractive)
        {
            throw new ToolException("Binary is not for a terminal: redirect the output, or use --output FILE.", ExitCode.Usage);
        }

        using var output = _terminal.Streams.OpenOutput();
        output.Write(bytes);
        output.Flush();
    }
}
