// SPDX-License-Identifier: Apache-2.0

using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Calls;

/// <summary>One call of any kind: requests are sent as they are read, responses are shown as they come.</summary>
internal sealed class CallRun(ServerConnection connection, SchemaSource schema, MethodDescriptor method, CallSettings settings, Terminal terminal)
{
    private readonly CallOutput _output = new(schema, settings, terminal);
    private int _sent;
    private int _received;
    private TimeSpan? _headersAfter;
    private TimeSpan? _firstAfter;
    private string? _timeline;

    /// <summary>Runs it.</summary>
    /// <param name="cancellationToken">The user's Ctrl-C.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    /// <exception cref="ToolException">A request is malformed, or the server does not answer.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var requests = new Requests(settings.Requests, method, schema, terminal.Streams);
        if (IsTyped(requests) && method.IsClientStreaming)
        {
            requests.Mistake = mistake => terminal.Error(mistake.Message + " It is not sent; go on.");
        }

        if (IsTyped(requests) && !method.IsClientStreaming)
        {
            terminal.Note("*", $"Type the request {(settings.Requests.Format == MessageText.Json ? "as JSON" : "in text format")}; Ctrl-D ends it.");
        }

        var prepared = method.IsClientStreaming ? null : await OnlyAsync(requests, cancellationToken).ConfigureAwait(false);
        Describe();
        var started = Stopwatch.GetTimestamp();
        await ConnectAsync(cancellationToken).ConfigureAwait(false);

        var call = connection.Invoker.AsyncDuplexStreamingCall(
            DynamicMethod.Of(method, schema.Pool.ToExtensionRegistry()), connection.Settings.Authority, Options(started, ended.Token));
        using (call)
        {
            if (IsTyped(requests) && method.IsClientStreaming)
            {
                terminal.Note("*", settings.Requests.Format == MessageText.Json
                    ? "Type requests as JSON; each is sent when it is whole. Ctrl-D ends them, Ctrl-C the call."
                    : "Type requests in text format; each is sent at a line of ---. Ctrl-D ends them, Ctrl-C the call.");
            }

            var (status, trailers) = await ExchangeAsync(call, requests, prepared, ended, started, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            await ended.CancelAsync().ConfigureAwait(false);
            return await EndAsync(status, trailers, started).ConfigureAwait(false);
        }
    }

    private async Task<(Status Status, Metadata Trailers)> ExchangeAsync(
        AsyncDuplexStreamingCall<DynamicMessage, DynamicMessage> call, Requests requests, DynamicMessage? prepared, CancellationTokenSource ended, long started,
        CancellationToken cancellationToken)
    {
        // Not awaited where the call ends first: a read of the terminal cannot be taken back.
        var sending = SendAsync(call.RequestStream, requests, prepared, ended.Token);
        var receiving = ReceiveAsync(call, started, cancellationToken);
        if (await Task.WhenAny(sending, receiving).ConfigureAwait(false) == sending && await sending.ConfigureAwait(false) is { } problem)
        {
            await ended.CancelAsync().ConfigureAwait(false);
            _ = await receiving.ConfigureAwait(false);
            throw problem;
        }

        return await receiving.ConfigureAwait(false);
    }

    private bool IsTyped(Requests requests) => requests.ComeFromInput && terminal.IsInteractive && !Console.IsInputRedirected;

    private CallOptions Options(long started, CancellationToken cancellationToken)
    {
        var options = connection.Options(cancellationToken).WithWaitForReady(settings.WaitForReady);
        if (settings.Timeout is { } timeout)
        {
            var left = timeout - Stopwatch.GetElapsedTime(started);
            options = options.WithDeadline(DateTime.UtcNow + (left > TimeSpan.Zero ? left : TimeSpan.Zero));
        }

        return settings.Compression is { } compression ? options.WithCompression(compression) : options;
    }

    // The call's own deadline tells better than this what the time ran out for.
    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (settings.Timeout is { } timeout)
        {
            limit.CancelAfter(timeout);
        }

        try
        {
            await connection.OpenAsync(settings.WaitForReady, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
    }

    // A method with one request is not called before that request is known to be good, and the only one.
    private static async Task<DynamicMessage> OnlyAsync(Requests requests, CancellationToken cancellationToken)
    {
        DynamicMessage? only = null;
        await foreach (var request in requests.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            only ??= request;
        }

        return only!;
    }

    // Gives what was wrong with the requests, if anything.
    private async Task<ToolException?> SendAsync(
        IClientStreamWriter<DynamicMessage> stream, Requests requests, DynamicMessage? prepared, CancellationToken cancellationToken)
    {
        try
        {
            if (prepared is not null)
            {
                await stream.WriteAsync(prepared, CancellationToken.None).ConfigureAwait(false);
                _sent++;
            }
            else
            {
                await foreach (var request in requests.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    await stream.WriteAsync(request, CancellationToken.None).ConfigureAwait(false);
                    _sent++;
                }
            }

            await stream.CompleteAsync().ConfigureAwait(false);
            return null;
        }
        catch (ToolException exception)
        {
            return exception;
        }
        catch (IOException exception)
        {
            return new ToolException($"The requests cannot be read: {exception.Message}");
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or OperationCanceledException or ObjectDisposedException)
        {
            // The call has ended; its status says why.
            return null;
        }
    }

    private async Task<(Status Status, Metadata Trailers)> ReceiveAsync(
        AsyncDuplexStreamingCall<DynamicMessage, DynamicMessage> call, long started, CancellationToken cancellationToken)
    {
        try
        {
            var headers = await call.ResponseHeadersAsync.ConfigureAwait(false);
            _headersAfter = Stopwatch.GetElapsedTime(started);
            _output.Headers(headers);
            while (await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
            {
                _received++;
                if (_received == 1)
                {
                    _firstAfter = Stopwatch.GetElapsedTime(started);
                }

                await _output.MessageAsync(call.ResponseStream.Current, cancellationToken).ConfigureAwait(false);
            }

            var status = call.GetStatus();
            return !method.IsServerStreaming && _received != 1 && status.StatusCode == StatusCode.OK
                ? (new Status(StatusCode.Unimplemented, $"The server answered with status OK and {_received} messages, but {method.FullName} has one response."), call.GetTrailers())
                : (status, call.GetTrailers());
        }
        catch (RpcException exception)
        {
            _timeline = exception.Timeline?.ToString();
            return (exception.Status, exception.Trailers);
        }
    }

    private async Task<int> EndAsync(Status status, Metadata trailers, long started)
    {
        var total = Stopwatch.GetElapsedTime(started);
        var hint = await connection.HintAsync(status, CancellationToken.None).ConfigureAwait(false);
        await _output.EndAsync(status, trailers, hint, CancellationToken.None).ConfigureAwait(false);
        if (settings.Verbose)
        {
            var phases = $"connection {Milliseconds(connection.OpenTime)}"
                + (_headersAfter is { } headers ? $", headers after {Milliseconds(headers)}" : "")
                + (_firstAfter is { } first ? $", first message after {Milliseconds(first)}" : "");
            terminal.Note("*", string.Create(CultureInfo.InvariantCulture, $"{phases}, end after {Milliseconds(total)}; {_sent} sent, {_received} received"));
            foreach (var line in status.StatusCode == StatusCode.OK ? [] : (_timeline ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                terminal.Note("*", line);
            }
        }

        return ExitCode.Of(status.StatusCode);
    }

    private void Describe()
    {
        if (!settings.Verbose)
        {
            return;
        }

        terminal.Note("*", $"{method.FullName}, to {connection.Settings.Address} ({(connection.UsesTls ? "TLS" : "plaintext")}), schema of {schema.Origin}");
        foreach (var line in ProtoPrinter.Print(method, schema.Pool).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            terminal.Note("*", line);
        }

        foreach (var header in connection.Settings.Headers)
        {
            terminal.Note(">", CallOutput.Write(header));
        }
    }

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms");
}
