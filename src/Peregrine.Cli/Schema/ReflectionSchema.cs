// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Reflection.V1;
using Peregrine.Cli.Calls;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Schema;

/// <summary>
/// The schema that a server tells by reflection. A file is asked for once, with all that it imports; how many files and bytes a server may
/// make the tool hold is bounded.
/// </summary>
internal sealed class ReflectionSchema(ServerConnection connection) : SchemaSource
{
    private const int MaxFiles = 10_000;
    private const long MaxBytes = 128 << 20;
    private const int NotFound = (int)StatusCode.NotFound;

    private readonly ReflectionStream _server = new(connection);
    private IReadOnlyList<string>? _services;
    private int _files;
    private long _bytes;

    /// <inheritdoc/>
    public override string Origin => $"the reflection of {connection.Settings.Address}";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<string>> ListServicesAsync(CancellationToken cancellationToken)
    {
        if (_services is null)
        {
            var answer = await _server.AskAsync(new ServerReflectionRequest { ListServices = "*" }, cancellationToken).ConfigureAwait(false);
            _services = answer.MessageResponseCase == ServerReflectionResponse.MessageResponseOneofCase.ListServicesResponse
                ? [.. answer.ListServicesResponse!.Service.Select(service => service.Name).Distinct().Order(StringComparer.Ordinal)]
                : throw Unexpected(answer, "the list of services");
        }

        return _services;
    }

    /// <inheritdoc/>
    protected override Task<bool> TryLoadSymbolAsync(string name, CancellationToken cancellationToken) =>
        TryLoadAsync(new ServerReflectionRequest { FileContainingSymbol = name }, $"the symbol \"{name}\"", cancellationToken);

    /// <inheritdoc/>
    protected override Task<bool> TryLoadFileAsync(string path, CancellationToken cancellationToken) =>
        TryLoadAsync(new ServerReflectionRequest { FileByFilename = path }, $"the file \"{path}\"", cancellationToken);

    /// <inheritdoc/>
    protected override Task<bool> TryLoadExtensionAsync(string type, int number, CancellationToken cancellationToken) => TryLoadAsync(
        new ServerReflectionRequest { FileContainingExtension = new ExtensionRequest { ContainingType = type, ExtensionNumber = number } },
        $"the extension {number} of \"{type}\"", cancellationToken);

    private async Task<bool> TryLoadAsync(ServerReflectionRequest request, string subject, CancellationToken cancellationToken)
    {
        if (await AskForFilesAsync(request, subject, cancellationToken).ConfigureAwait(false) is not { } first)
        {
            return false;
        }

        Dictionary<string, FileDescriptorProto> files = [];
        Queue<string> wanted = [];
        Keep(first);
        while (wanted.TryDequeue(out var import))
        {
            if (files.ContainsKey(import) || Pool.FindFile(import) is not null)
            {
                continue;
            }

            Keep(await AskForFilesAsync(new ServerReflectionRequest { FileByFilename = import }, $"the file \"{import}\"", cancellationToken).ConfigureAwait(false) ?? []);
            if (files.TryAdd(import, new FileDescriptorProto { Name = import }) && BuiltIn(import) is { } known)
            {
                // A server may lack a file of which it needs nothing, such as that of an option: an empty one stands in. Or one that all have.
                files[import] = known;
                Enqueue(known);
            }
        }

        try
        {
            Pool.AddAll(files.Values);
            return true;
        }
        catch (DescriptorValidationException exception)
        {
            throw new ToolException($"What {Origin} says of {subject} cannot be used: {exception.Message}");
        }

        void Keep(IEnumerable<FileDescriptorProto> found)
        {
            foreach (var file in found.Where(file => Pool.FindFile(file.Name) is null && files.TryAdd(file.Name, file)))
            {
                Enqueue(file);
            }
        }

        void Enqueue(FileDescriptorProto file)
        {
            foreach (var import in file.Dependency.Where(import => !files.ContainsKey(import)))
            {
                wanted.Enqueue(import);
            }
        }
    }

    // Null when the server has no such thing.
    private async Task<List<FileDescriptorProto>?> AskForFilesAsync(ServerReflectionRequest request, string subject, CancellationToken cancellationToken)
    {
        var answer = await _server.AskAsync(request, cancellationToken).ConfigureAwait(false);
        if (answer is { MessageResponseCase: ServerReflectionResponse.MessageResponseOneofCase.ErrorResponse, ErrorResponse.ErrorCode: NotFound })
        {
            return null;
        }

        if (answer.MessageResponseCase != ServerReflectionResponse.MessageResponseOneofCase.FileDescriptorResponse)
        {
            throw Unexpected(answer, subject);
        }

        var found = answer.FileDescriptorResponse!.FileDescriptorProto;
        _files += found.Count + 1;
        _bytes += found.Sum(bytes => (long)bytes.Length);
        if (_files > MaxFiles || _bytes > MaxBytes)
        {
            throw new ToolException($"{Origin} has more than {MaxFiles} files or {MaxBytes >> 20} MiB of them; use --proto or --descriptor-set.");
        }

        try
        {
            return [.. found.Select(FileDescriptorProto.Parser.ParseFrom)];
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new ToolException($"{Origin} answers with broken descriptors for {subject}: {exception.Message}");
        }
    }

    // A file that comes with the compiler.
    private static FileDescriptorProto? BuiltIn(string import)
    {
        var resolver = new ImportResolver();
        return resolver.Contains(import)
            ? new Compilation(resolver, new CompilationOptions { Forms = DescriptorForms.WithSourceInfo }).Compile([import]).Files.FirstOrDefault(file => file.Path == import)?.Descriptor
            : null;
    }

    private ToolException Unexpected(ServerReflectionResponse answer, string subject) => new(
        answer.MessageResponseCase == ServerReflectionResponse.MessageResponseOneofCase.ErrorResponse
            ? $"{Origin} cannot tell {subject}: {StatusNames.Of((StatusCode)answer.ErrorResponse!.ErrorCode)}: {answer.ErrorResponse.ErrorMessage}"
            : $"{Origin} does not answer the question for {subject}, but something else ({answer.MessageResponseCase}).");
}
