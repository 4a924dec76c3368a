// SPDX-License-Identifier: Apache-2.0

using Grpc.Reflection.V1;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Tests;

/// <summary>A reflection service that answers as a test says.</summary>
internal static class ScriptedReflection
{
    public const string V1 = "grpc.reflection.v1.ServerReflection";
    public const string V1Alpha = "grpc.reflection.v1alpha.ServerReflection";

    /// <summary>One that answers each question by a function.</summary>
    public static ServerServiceDefinition Answering(Func<ServerReflectionRequest, ServerReflectionResponse> answer, string version = V1) =>
        Serving(
            async (requests, responses, _) =>
            {
                await foreach (var request in requests.ReadAllAsync())
                {
                    await responses.WriteAsync(answer(request));
                }
            },
            version);

    /// <summary>One that serves the call by a function.</summary>
    public static ServerServiceDefinition Serving(DuplexStreamingServerMethod<ServerReflectionRequest, ServerReflectionResponse> handler, string version = V1)
    {
        var method = new Method<ServerReflectionRequest, ServerReflectionResponse>(
            MethodType.DuplexStreaming, version, "ServerReflectionInfo", Marshal(ServerReflectionRequest.Parser), Marshal(ServerReflectionResponse.Parser));
        return ServerServiceDefinition.CreateBuilder().AddMethod(method, handler).Build();
    }

    /// <summary>An honest one, of files, that answers with one file at a time.</summary>
    public static Func<ServerReflectionRequest, ServerReflectionResponse> Of(FileDescriptorSet set) => request =>
    {
        var pool = DescriptorPool.FromFileDescriptorSet(set);
        return request.MessageRequestCase switch
        {
            ServerReflectionRequest.MessageRequestOneofCase.ListServices => Services([.. set.File.SelectMany(file => file.Service.Select(service => $"{file.Package}.{service.Name}"))]),
            ServerReflectionRequest.MessageRequestOneofCase.FileByFilename => pool.FindFile(request.FileByFilename) is { } file ? Files(file.ToProto()) : NotFound(),
            _ => pool.FindFileOf(request.FileContainingSymbol) is { } file ? Files(file.ToProto()) : NotFound(),
        };
    };

    public static ServerReflectionResponse Services(params string[] names)
    {
        var list = new ListServiceResponse();
        list.Service.AddRange(names.Select(name => new ServiceResponse { Name = name }));
        return new ServerReflectionResponse { ListServicesResponse = list };
    }

    public static ServerReflectionResponse Files(params FileDescriptorProto[] files)
    {
        var found = new FileDescriptorResponse();
        found.FileDescriptorProto.AddRange(files.Select(file => file.ToByteString()));
        return new ServerReflectionResponse { FileDescriptorResponse = found };
    }

    public static ServerReflectionResponse NotFound() => new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)StatusCode.NotFound, ErrorMessage = "not here" } };

    private static Marshaller<T> Marshal<T>(MessageParser<T> parser)
        where T : class, IMessage<T> => new(message => message.ToByteArray(), parser.ParseFrom);
}
