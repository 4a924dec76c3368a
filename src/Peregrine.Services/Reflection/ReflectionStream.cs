// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Grpc.Reflection.V1;
using Peregrine.Protobuf.Reflection;
using Request = Grpc.Reflection.V1.ServerReflectionRequest;
using Response = Grpc.Reflection.V1.ServerReflectionResponse;

namespace Peregrine.Services.Reflection;

/// <summary>Answers the requests of one stream. An import goes out once a stream; the file that is asked for goes out first, and always.</summary>
internal sealed class ReflectionStream(ServerSchema server)
{
    private readonly HashSet<string> _sent = new(StringComparer.Ordinal);

    /// <summary>The response to a request.</summary>
    public Response Answer(Request request)
    {
        var schema = server.Current;
        var response = new Response { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case Request.MessageRequestOneofCase.FileByFilename:
                AnswerFile(response, schema.FindFile(request.FileByFilename), $"The file '{request.FileByFilename}'");
                break;
            case Request.MessageRequestOneofCase.FileContainingSymbol:
                AnswerFile(response, schema.FindSymbol(request.FileContainingSymbol), $"The symbol '{request.FileContainingSymbol}'");
                break;
            case Request.MessageRequestOneofCase.FileContainingExtension:
                var extension = request.FileContainingExtension!;
                AnswerFile(
                    response,
                    schema.FindExtension(extension.ContainingType, extension.ExtensionNumber),
                    $"The extension {extension.ExtensionNumber} of '{extension.ContainingType}'");
                break;
            case Request.MessageRequestOneofCase.AllExtensionNumbersOfType:
                var message = request.AllExtensionNumbersOfType;
                if (schema.FindExtensionNumbers(message) is { } numbers)
                {
                    response.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = message, ExtensionNumber = { numbers } };
                }
                else
                {
                    response.ErrorResponse = Error(StatusCode.NotFound, $"The message '{message}' is not known to this server.");
                }

                break;
            case Request.MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new ListServiceResponse();
                foreach (var name in schema.Services)
                {
                    response.ListServicesResponse.Service.Add(new ServiceResponse { Name = name });
                }

                break;
            default:
                response.ErrorResponse = Error(StatusCode.InvalidArgument, "The request asks for nothing that this server knows: set one field of message_request.");
                break;
        }

        return response;
    }

    private static ErrorResponse Error(StatusCode code, string message) => new() { ErrorCode = (int)code, ErrorMessage = message };

    private void AnswerFile(Response response, FileDescriptor? file, string asked)
    {
        if (file is null)
        {
            response.ErrorResponse = Error(StatusCode.NotFound, $"{asked} is not known to this server.");
            return;
        }

        var files = new FileDescriptorResponse { FileDescriptorProto = { file.SerializedData } };
        _ = _sent.Add(file.Name);
        HashSet<string> seen = new(StringComparer.Ordinal) { file.Name };
        Queue<FileDescriptor> pending = new(file.Dependencies);
        while (pending.TryDequeue(out var import))
        {
            if (!seen.Add(import.Name))
            {
                continue;
            }

            if (_sent.Add(import.Name))
            {
                files.FileDescriptorProto.Add(import.SerializedData);
            }

            foreach (var further in import.Dependencies)
            {
                pending.Enqueue(further);
            }
        }

        response.FileDescriptorResponse = files;
    }
}
