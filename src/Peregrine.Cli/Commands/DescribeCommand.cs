// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine describe</c>: the .proto text of anything that has a name.</summary>
internal sealed class DescribeCommand : ToolCommand, INamesSymbols
{
    private readonly Argument<string?> _first = new("ADDRESS") { Arity = ArgumentArity.ZeroOrOne, Description = "The server; left away with --proto or --descriptor-set." };
    private readonly Argument<string?> _second = new("SYMBOL") { Arity = ArgumentArity.ZeroOrOne, Description = "A service, method, message, field, enum, enum value or extension by its full name, or a file by its path." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON, for scripts." };
    private readonly SchemaFlags _schema = new();
    private readonly ConnectionFlags _connection = new();
    private readonly Terminal _terminal;

    /// <summary>Makes it.</summary>
    public DescribeCommand(Terminal terminal)
        : base("describe", "Show the .proto text of a service, method, message, or anything else that has a name.")
    {
        _terminal = terminal;
        Add(_first);
        Add(_second);
        Add(new OptionGroup("Output", [_json]));
        Add(_schema.Group);
        Add(_connection.Group);
        Examples =
        [
            "peregrine describe localhost:9090 demo.Greeter",
            "peregrine describe localhost:9090 demo.Greeter/Greet",
            "peregrine describe --proto greeter.proto demo.GreetRequest",
        ];
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> CompleteAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var target = SchemaTarget.Read(result, _schema, result.GetValue(_first), result.GetValue(_second));
        if (target.Symbol is not null || (target.Address is null && !_schema.IsLocal(result)))
        {
            return [];
        }

        using var connection = target.Connect(result, _connection, _terminal);
        return await SymbolCandidates.OfAsync(_schema.Open(result, connection, _terminal), withServices: true, withMethods: true, cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var target = SchemaTarget.Read(result, _schema, result.GetValue(_first), result.GetValue(_second));
        if (target.Symbol is null)
        {
            throw new ToolException("Say what to describe: SYMBOL is missing. \"peregrine list\" has the services.", ExitCode.Usage);
        }

        using var connection = target.Connect(result, _connection, _terminal);
        var schema = _schema.Open(result, connection, _terminal);
        var found = await schema.FindAsync(target.Symbol, cancellationToken).ConfigureAwait(false);
        var text = Terminal.EscapeLines(ProtoPrinter.Print(found, schema.Pool));
        if (result.GetValue(_json))
        {
            JsonLine.Write(_terminal, writer =>
            {
                writer.WriteString("symbol", found.FullName);
                writer.WriteString("kind", KindOf(found));
                writer.WriteString("file", found.File.Name);
                writer.WriteString("text", text);
            });
            return ExitCode.Success;
        }

        Print(found, text);
        return ExitCode.Success;
    }

    private void Print(IDescriptor found, string text)
    {
        if (_terminal.IsInteractive)
        {
            var place = found is DescriptorBase { Declaration: { } declaration } ? $"{found.File.Name}:{declaration.StartLine + 1}" : found.File.Name;
            _terminal.Output.WriteLine(_terminal.Paint($"// {Terminal.Escape($"{found.FullName} is a {KindOf(found)} of {place}")}", "2"));
        }

        _terminal.Output.Write(_terminal.UsesColor ? ProtoColors.Paint(text) : text);
    }

    private static string KindOf(IDescriptor descriptor) => descriptor switch
    {
        FileDescriptor => "file",
        ServiceDescriptor => "service",
        MethodDescriptor => "method",
        MessageDescriptor => "message",
        EnumDescriptor => "enum",
        EnumValueDescriptor => "enum value",
        OneofDescriptor => "oneof",
        FieldDescriptor { IsExtension: true } => "extension",
        _ => "field",
    };
}
