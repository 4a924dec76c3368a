// SPDX-License-Identifier: Apache-2.0
using Grpc.Reflection.V1;
using Peregrine.Client;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Services.Tests;

/// <summary>One stream of reflection, as a client's.</summary>
internal sealed class ReflectionSession(GrpcChannel channel) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> _call =
        new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();

    public void Dispose() => _call.Dispose();

    public async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
    {
        await _call.RequestStream.WriteAsync(request);
        Assert.True(await _call.ResponseStream.MoveNext().WaitAsync(Patience));
        return _call.ResponseStream.Current;
    }

    /// <summary>The names of the files that answer, in order; or the error as <c>code: text</c>.</summary>
    public async Task<string[]> FilesAsync(ServerReflectionRequest request)
    {
        ServerReflectionResponse response = await AskAsync(request);
        return response.MessageResponseCase == ServerReflectionResponse.MessageResponseOneofCase.ErrorResponse
            ? [$"{response.ErrorResponse!.ErrorCode}: {response.ErrorResponse.ErrorMessage}"]
            : [.. response.FileDescriptorResponse!.FileDescriptorProto.Select(file => FileDescriptorProto.Parser.ParseFrom(file).Name)];
    }

    public Task<string[]> FileAsync(string name) => FilesAsync(new ServerReflectionRequest { FileByFilename = name });

    public Task<string[]> SymbolAsync(string name) => FilesAsync(new ServerReflectionRequest { FileContainingSymbol = name });

    public Task<string[]> ExtensionAsync(string message, int number) => FilesAsync(new ServerReflectionRequest
    {
        FileContainingExtension = new ExtensionRequest { ContainingType = message, ExtensionNumber = number },
    });

    public async Task<string[]> ServicesAsync()
    {
        ServerReflectionResponse response = await AskAsync(new ServerReflectionRequest { ListServices = "" });
        return [.. response.ListServicesResponse!.Service.Select(service => service.Name)];
    }

    /// <summary>Ends the requests, and sees the stream end with OK.</summary>
    public async Task CompleteAsync()
    {
        await _call.RequestStream.CompleteAsync();
        Assert.False(await _call.ResponseStream.MoveNext().WaitAsync(Patience));
        Assert.Equal(StatusCode.OK, _call.GetStatus().StatusCode);
    }
}
