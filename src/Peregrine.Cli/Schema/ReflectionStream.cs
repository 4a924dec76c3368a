// SPDX-License-Identifier: Apache-2.0

using System;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Reflection.V1;
using Peregrine.Cli.Calls;
using Peregrine.Protobuf;

namespace Peregrine.Cli.Schema;

/// <summary>Asks a server's reflection, one question after the other over one call: <c>grpc.reflection.v1</c>, or <c>v1alpha</c> of older servers.</summary>
internal sealed class ReflectionStream(ServerConnection connection)
{
    // The messages of both versions are the same on the wire.
    private static readonly Method<ServerReflectionRequest, ServerReflectionResponse>[] Versions =
        [Version("grpc.reflection.v1.ServerReflection"), Version("grpc.reflection.v1alpha.ServerReflection")];

    private AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse>? _call;
    private int _version;

    /// <summary>Asks a question.</summary>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The answer, which may be an error.</returns>
    /// <exception cref="ToolException">The server has no reflection, does not answer in time, or cannot be reached.</exception>
    public async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request, CancellationToken cancellationToken)
    {
        await connection.OpenAsync(waitForReady: false, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            try
            {
                return await AskOnceAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unimplemented && _version + 1 < Versions.Length)
            {
                _call?.Dispose();
                _call = null;
                _version++;
            }
            catch (RpcException exception)
            {
                throw await FailedAsync(exception, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<ServerReflectionResponse> AskOnceAsync(ServerReflectionRequest request, CancellationToken cancellationToken)
    {
        _call ??= connection.Invoker.AsyncDuplexStreamingCall(Versions[_version], connection.Settings.Authority, connection.Options(CancellationToken.None));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(connection.Settings.ConnectTimeout);
        try
        {
            try
            {
                await _call.RequestStream.WriteAsync(request, limit.Token).ConfigureAwait(false);
            }
            catch (InvalidOperationException)
            {
                // The call has ended; reading tells why.
            }

            return await _call.ResponseStream.MoveNext(limit.Token).ConfigureAwait(false)
                ? _call.ResponseStream.Current
                : throw new ToolException($"The reflection of {connection.Settings.Address} ended without an answer.");
        }
        catch (Exception exception) when (limit.IsCancellationRequested && exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ToolException(
                $"The reflection of {connection.Settings.Address} does not answer within {connection.Settings.ConnectTimeout.TotalSeconds:0.###} s (--connect-timeout).",
                ExitCode.Of(StatusCode.DeadlineExceeded));
        }
    }

    private async Task<ToolException> FailedAsync(RpcException exception, CancellationToken cancellationToken) => exception.StatusCode == StatusCode.Unimplemented
        ? new ToolException(
            $"{connection.Settings.Address} has no server reflection. Say where the schema is: --proto PATH or --descriptor-set FILE.", ExitCode.Of(exception.StatusCode))
        : new ToolException(
            $"{StatusNames.Of(exception.StatusCode)} ({(int)exception.StatusCode}) when {connection.Settings.Address} was asked for its schema: {exception.Status.Detail}"
            + await connection.HintAsync(exception.Status, cancellationToken).ConfigureAwait(false),
            ExitCode.Of(exception.StatusCode));

    private static Method<ServerReflectionRequest, ServerReflectionResponse> Version(string service) => new(
        MethodType.DuplexStreaming, service, "ServerReflectionInfo", MarshallerOf(ServerReflectionRequest.Parser), MarshallerOf(ServerReflectionResponse.Parser));

    private static Marshaller<T> MarshallerOf<T>(MessageParser<T> parser)
        where T : class, IMessage<T> => Marshallers.Create(
            static (message, context) =>
            {
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}
