// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Writes the file of services: per service a static class with the server's base class, the client and what binds them.</summary>
internal sealed class ServiceEmitter
{
    private const string Deadline = Clr.System + ".DateTime? deadline = null";
    private const string Token = Clr.System + ".Threading.CancellationToken cancellationToken = default";
    private const string Context = Clr.Grpc + ".ServerCallContext context";
    private const string Options = Clr.Grpc + ".CallOptions options";
    private const string Task = Clr.System + ".Threading.Tasks.Task";

    private readonly CodeWriter _writer;
    private readonly ServiceModel _service;
    private readonly CSharpGeneratorOptions _options;
    private readonly Dictionary<MessageModel, string> _marshallers = [];

    private ServiceEmitter(CodeWriter writer, ServiceModel service, CSharpGeneratorOptions options)
    {
        _writer = writer;
        _service = service;
        _options = options;
        var names = new NameScope([]);
        foreach (var method in service.Methods)
        {
            foreach (var message in (ReadOnlySpan<MessageModel>)[method.Request, method.Response])
            {
                if (!_marshallers.ContainsKey(message))
                {
                    _marshallers[message] =
                        names.Take("__Marshaller_" + message.FullName.Replace('.', '_'));
                }
            }
        }
    }

    /// <summary>The text of the file.</summary>
    public static string Emit(FileModel file, CSharpGeneratorOptions options)
    {
        var writer = new CodeWriter();
        FileHeader.Emit(writer, file, options);
        for (var i = 0; i < file.Services.Count; i++)
        {
            if (i > 0)
            {
                writer.Line();
            }

            new ServiceEmitter(writer, file.Services[i], options).Emit();
        }

        return writer.ToString();
    }

    private string ClassName => CSharpNames.Escape(_service.ClassName);

    private void Emit()
    {
        DocComments.Summary(_writer, _service.Comment, $"The service <c>{_service.FullName}</c>.");
        TypeAttributes.Emit(_writer, _options, _service.IsDeprecated);
        using var body = _writer.Block(
            $"{(_options.InternalAccess ? "internal" : "public")} static partial class {ClassName}");
        if (_service.Methods.Count > 0)
        {
            EmitMethodFields();
            _writer.Line();
        }

        _writer.Line("/// <summary>Describes the service.</summary>");
        _writer.Line(
            $"public static {Clr.Reflection}.ServiceDescriptor Descriptor => "
            + $"{_service.File.Qualify(_service.File.ReflectionClass)}.Descriptor.Services[{_service.Index}];");
        if (_options.Services.HasFlag(GrpcServices.Server))
        {
            _writer.Line();
            EmitServer();
        }

        if (_options.Services.HasFlag(GrpcServices.Client))
        {
            if (_options.ClientInterfaces)
            {
                _writer.Line();
                EmitClientInterface();
            }

            _writer.Line();
            EmitClient();
        }

        if (_options.Services.HasFlag(GrpcServices.Server))
        {
            _writer.Line();
            EmitBinding();
        }

        if (_service.Methods.Count > 0)
        {
            _writer.Line();
            EmitMarshalling();
        }
    }

    private void EmitMethodFields()
    {
        _writer.Line($"private const string __ServiceName = \"{_service.FullName}\";");
        foreach (var (message, name) in _marshallers)
        {
            _writer.Line();
            _writer.Line($"private static readonly {Clr.Grpc}.Marshaller<{message.QualifiedName}> {name} =");
            using var indent = _writer.Indent();
            _writer.Line($"{Clr.Grpc}.Marshallers.Create<{message.QualifiedName}>(");
            using var arguments = _writer.Indent();
            _writer.Line("static (message, context) => __Serialize(message, context),");
            _writer.Line($"static context => {message.QualifiedName}.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));");
        }

        foreach (var method in _service.Methods)
        {
            var type = $"{Clr.Grpc}.Method<{Types(method)}>";
            _writer.Line();
            _writer.Line($"private static readonly {type} {method.FieldName} = new(");
            using var arguments = _writer.Indent();
            _writer.Line($"{Clr.Grpc}.MethodType.{Kind(method)},");
            _writer.Line("__ServiceName,");
            _writer.Line($"\"{method.Proto.Name}\",");
            _writer.Line($"{_marshallers[method.Request]},");
            _writer.Line($"{_marshallers[method.Response]});");
        }
    }

    private void EmitServer()
    {
        _writer.Line($"/// <summary>The base class of servers of <c>{_service.FullName}</c>: override the methods that you serve.</summary>");
        EmitObsolete(_service.IsDeprecated);
        _writer.Line($"[{Clr.Grpc}.BindServiceMethod(typeof({ClassName}), nameof(BindService))]");
        using var body = _writer.Block($"public abstract partial class {CSharpNames.Escape(_service.BaseClass)}");
        for (var i = 0; i < _service.Methods.Count; i++)
        {
            if (i > 0)
            {
                _writer.Line();
            }

            var method = _service.Methods[i];
            DocComments.Summary(_writer, method.Comment, $"Serves <c>{_service.FullName}/{method.Proto.Name}</c>.");
            if (!method.ClientStreaming)
            {
                _writer.Line("/// <param name=\"request\">The client's message.</param>");
            }
            else
            {
                _writer.Line("/// <param name=\"requestStream\">The client's messages, as they come.</param>");
            }

            if (method.ServerStreaming)
            {
                _writer.Line("/// <param name=\"responseStream\">Takes the messages to send.</param>");
            }

            _writer.Line("/// <param name=\"context\">The call: its metadata, deadline, cancellation, and the trailers to send.</param>");
            _writer.Line(method.ServerStreaming
                ? "/// <returns>A task that ends when all messages are written: its end is the call's.</returns>"
                : "/// <returns>The message to answer with.</returns>");
            EmitObsolete(method.IsDeprecated);
            var request = method.ClientStreaming
                ? $"{Clr.Grpc}.IAsyncStreamReader<{method.Request.QualifiedName}> requestStream"
                : $"{method.Request.QualifiedName} request";
            var response = method.ServerStreaming
                ? $", {Clr.Grpc}.IServerStreamWriter<{method.Response.QualifiedName}> responseStream"
                : "";
            var returns = method.ServerStreaming ? Task : $"{Task}<{method.Response.QualifiedName}>";
            _writer.Line($"public virtual {returns} {ServerMethod(method)}({request}{response}, {Context}) =>");
            using var indent = _writer.Indent();
            _writer.Line(
                $"throw new {Clr.Grpc}.RpcException(new {Clr.Grpc}.Status({Clr.Grpc}.StatusCode.Unimplemented, "
                + $"\"The server does not implement {_service.FullName}/{method.Proto.Name}.\"));");
        }
    }

    private void EmitClient()
    {
        var name = CSharpNames.Escape(_service.ClientClass);
        _writer.Line($"/// <summary>The client of <c>{_service.FullName}</c>. Thread-safe.</summary>");
        EmitObsolete(_service.IsDeprecated);
        var implemented = _options.ClientInterfaces ? ", " + CSharpNames.Escape(_service.ClientInterface) : "";
        using var body = _writer.Block($"public partial class {name} : {Clr.Grpc}.ClientBase<{name}>{implemented}");
        foreach (var (access, parameter, argument, summary, description) in (ReadOnlySpan<(string, string, string, string, string)>)
        [
            ("public", $"{Clr.Grpc}.ChannelBase channel", "channel", "Makes a client that calls over a channel.", "The channel."),
            ("public", $"{Clr.Grpc}.CallInvoker callInvoker", "callInvoker", "Makes a client that calls through an invoker: an intercepted channel, a test double.", "The invoker."),
            ("protected", "", "", "For test doubles, which override the methods.", ""),
            ("protected", "ClientBaseConfiguration configuration", "configuration", "Makes a client as configured: the way WithHost copies one.", "The configuration."),
        ])
        {
            _writer.Line($"/// <summary>{summary}</summary>");
            if (argument.Length != 0)
            {
                _writer.Line($"/// <param name=\"{argument}\">{description}</param>");
            }

            using (_writer.Block($"{access} {name}({parameter}) : base({argument})"))
            {
            }

            _writer.Line();
        }

        foreach (var method in ClientMethods())
        {
            EmitHead(method, withOptions: false);
            _writer.Line($"public virtual {method.Returns} {method.Name}({Parameters(method, withOptions: false)}) =>");
            EmitForward(method);
            _writer.Line();
            EmitHead(method, withOptions: true);
            _writer.Line($"public virtual {method.Returns} {method.Name}({Parameters(method, withOptions: true)}) =>");
            using (_writer.Indent())
            {
                var request = method.Model.ClientStreaming ? "" : ", request";
                _writer.Line($"CallInvoker.{method.Invoke}({method.Model.FieldName}, null, options{request});");
            }

            _writer.Line();
        }

        _writer.Line("/// <inheritdoc/>");
        _writer.Line($"protected override {name} NewInstance(ClientBaseConfiguration configuration) => new {name}(configuration);");
    }

    // One overload of each pair has a body, so that a test double writes the other one alone.
    private void EmitClientInterface()
    {
        _writer.Line($"/// <summary>What a client of <c>{_service.FullName}</c> can call: the type to ask for where a test passes a double.</summary>");
        EmitObsolete(_service.IsDeprecated);
        using var body = _writer.Block($"public partial interface {CSharpNames.Escape(_service.ClientInterface)}");
        var first = true;
        foreach (var method in ClientMethods())
        {
            if (!first)
            {
                _writer.Line();
            }

            first = false;
            EmitHead(method, withOptions: false);
            _writer.Line($"{method.Returns} {method.Name}({Parameters(method, withOptions: false)}) =>");
            EmitForward(method);
            _writer.Line();
            EmitHead(method, withOptions: true);
            _writer.Line($"{method.Returns} {method.Name}({Parameters(method, withOptions: true)});");
        }
    }

    private IEnumerable<ClientMethod> ClientMethods()
    {
        foreach (var method in _service.Methods)
        {
            var name = CSharpNames.Escape(method.Name);
            var response = method.Response.QualifiedName;
            switch (method.ClientStreaming, method.ServerStreaming)
            {
                case (false, false):
                    yield return new(method, name, response, "BlockingUnaryCall", "The server's answer.");
                    yield return new(
                        method, CSharpNames.Escape(method.AsyncName), $"{Clr.Grpc}.AsyncUnaryCall<{response}>", "AsyncUnaryCall",
                        "The call; await it for the server's answer.");
                    break;
                case (true, false):
                    yield return new(
                        method, name, $"{Clr.Grpc}.AsyncClientStreamingCall<{Types(method)}>", "AsyncClientStreamingCall",
                        "The call: write to its request stream, complete that, await the answer.");
                    break;
                case (false, true):
                    yield return new(
                        method, name, $"{Clr.Grpc}.AsyncServerStreamingCall<{response}>", "AsyncServerStreamingCall",
                        "The call: read its response stream; dispose it to stop early.");
                    break;
                default:
                    yield return new(
                        method, name, $"{Clr.Grpc}.AsyncDuplexStreamingCall<{Types(method)}>", "AsyncDuplexStreamingCall",
                        "The call: write and read its two streams, in any order.");
                    break;
            }
        }
    }

    private string Parameters(ClientMethod method, bool withOptions)
    {
        var request = method.Model.ClientStreaming ? "" : $"{method.Model.Request.QualifiedName} request, ";
        return request + (withOptions ? Options : $"{Clr.Grpc}.Metadata{_options.NullMark} headers = null, {Deadline}, {Token}");
    }

    private void EmitForward(ClientMethod method)
    {
        using var indent = _writer.Indent();
        var request = method.Model.ClientStreaming ? "" : "request, ";
        _writer.Line($"{method.Name}({request}new {Clr.Grpc}.CallOptions(headers, deadline, cancellationToken));");
    }

    private void EmitHead(ClientMethod method, bool withOptions)
    {
        DocComments.Summary(_writer, method.Model.Comment, $"Calls <c>{_service.FullName}/{method.Model.Proto.Name}</c>.");
        if (!method.Model.ClientStreaming)
        {
            _writer.Line("/// <param name=\"request\">The message to send.</param>");
        }

        if (withOptions)
        {
            _writer.Line("/// <param name=\"options\">Metadata, deadline, cancellation and more.</param>");
        }
        else
        {
            _writer.Line("/// <param name=\"headers\">Metadata to send; null for none.</param>");
            _writer.Line("/// <param name=\"deadline\">When the call must be over, in UTC; null for never.</param>");
            _writer.Line("/// <param name=\"cancellationToken\">Cancels the call.</param>");
        }

        _writer.Line($"/// <returns>{method.Result}</returns>");
        EmitObsolete(method.Model.IsDeprecated);
    }

    private void EmitBinding()
    {
        var service = CSharpNames.Escape(_service.BaseClass);
        _writer.Line("/// <summary>Binds an implementation, for the server's list of services.</summary>");
        _writer.Line("/// <param name=\"serviceImpl\">The implementation; its methods run concurrently.</param>");
        _writer.Line("/// <returns>The definition to give to a server.</returns>");
        EmitObsolete(_service.IsDeprecated);
        using (_writer.Block($"public static {Clr.Grpc}.ServerServiceDefinition BindService({service} serviceImpl)"))
        {
            _writer.Line($"{Clr.ThrowIfNull}(serviceImpl);");
            _writer.Line($"return {Clr.Grpc}.ServerServiceDefinition.CreateBuilder()");
            using var indent = _writer.Indent();
            foreach (var method in _service.Methods)
            {
                _writer.Line($".AddMethod({method.FieldName}, serviceImpl.{ServerMethod(method)})");
            }

            _writer.Line(".WithDescriptor(static () => Descriptor)");
            _writer.Line(".Build();");
        }

        _writer.Line();
        _writer.Line("/// <summary>Tells a binder each method, with or without an implementation.</summary>");
        _writer.Line("/// <param name=\"serviceBinder\">Is called once per method.</param>");
        _writer.Line("/// <param name=\"serviceImpl\">The implementation; null to tell the methods alone.</param>");
        EmitObsolete(_service.IsDeprecated);
        using (_writer.Block($"public static void BindService({Clr.Grpc}.ServiceBinderBase serviceBinder, {service}{_options.NullMark} serviceImpl)"))
        {
            _writer.Line($"{Clr.ThrowIfNull}(serviceBinder);");
            foreach (var method in _service.Methods)
            {
                var handler = $"{Clr.Grpc}.{Kind(method)}ServerMethod<{Types(method)}>";
                _writer.Line(
                    $"serviceBinder.AddMethod({method.FieldName}, serviceImpl is null ? null : "
                    + $"new {handler}(serviceImpl.{ServerMethod(method)}));");
            }
        }
    }

    // The size goes first: it lets the transport give out one buffer of the right size, and every nested size is known by then.
    private void EmitMarshalling()
    {
        using var method = _writer.Block(
            $"private static void __Serialize<T>(T message, {Clr.Grpc}.SerializationContext context) where T : {Clr.Protobuf}.IMessage");
        _writer.Line("context.SetPayloadLength(message.CalculateSize());");
        _writer.Line($"{Clr.Protobuf}.MessageExtensions.WriteTo(message, context.GetBufferWriter());");
        _writer.Line("context.Complete();");
    }

    private void EmitObsolete(bool isDeprecated)
    {
        if (isDeprecated)
        {
            _writer.Line(Clr.Obsolete);
        }
    }

    private string ServerMethod(MethodModel method) =>
        CSharpNames.Escape(_options.AppendAsyncSuffix ? method.Name + "Async" : method.Name);

    private static string Types(MethodModel method) => $"{method.Request.QualifiedName}, {method.Response.QualifiedName}";

    private static string Kind(MethodModel method) => (method.ClientStreaming, method.ServerStreaming) switch
    {
        (false, false) => "Unary",
        (true, false) => "ClientStreaming",
        (false, true) => "ServerStreaming",
        (true, true) => "DuplexStreaming",
    };

    private sealed record ClientMethod(MethodModel Model, string Name, string Returns, string Invoke, string Result);
}
