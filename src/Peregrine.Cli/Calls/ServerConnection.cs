// SPDX-License-Identifier: Apache-2.0

using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Client;

namespace Peregrine.Cli.Calls;

/// <summary>The one channel of a command.</summary>
internal sealed class ServerConnection : IDisposable
{
    // Any method does: it is called where no connection is.
    private static readonly Method<byte[], byte[]> Probe = new(MethodType.Unary, "grpc.health.v1.Health", "Check", Marshallers.BytesMarshaller, Marshallers.BytesMarshaller);

    private readonly GrpcChannel _channel;

    private ServerConnection(ConnectionSettings settings, GrpcChannel channel, bool usesTls)
    {
        Settings = settings;
        UsesTls = usesTls;
        _channel = channel;
        Invoker = channel.CreateCallInvoker();
    }

    /// <summary>What it was made with.</summary>
    public ConnectionSettings Settings { get; }

    /// <summary>Whether it uses TLS.</summary>
    public bool UsesTls { get; }

    /// <summary>Makes calls.</summary>
    public CallInvoker Invoker { get; }

    /// <summary>How long the first <see cref="OpenAsync"/> took.</summary>
    public TimeSpan OpenTime { get; private set; }

    /// <summary>Makes a channel; nothing is connected yet.</summary>
    /// <param name="settings">Where to, and how.</param>
    /// <param name="isOnlyOne">Whether calls beyond the streams that the server allows wait, instead of opening a further connection.</param>
    /// <exception cref="ToolException">An address, a file or a combination of settings cannot be used.</exception>
    public static ServerConnection Create(ConnectionSettings settings, bool isOnlyOne = false)
    {
        var tls = settings.UsesTls;
        if (!tls && (settings.CaCertificate ?? settings.Certificate ?? settings.Key) is not null)
        {
            throw new ToolException($"Certificates are given, but \"{settings.Address}\" is reached without TLS: add --tls.", ExitCode.Usage);
        }

        try
        {
            ChannelCredentials credentials = tls
                ? SslCredentials.FromFiles(settings.CaCertificate, settings.Certificate, settings.Key)
                : ChannelCredentials.Insecure;
            var options = new GrpcChannelOptions
            {
                Credentials = settings.Credentials is { } more ? ChannelCredentials.Create(credentials, more) : credentials,

                // The user was warned.
                UnsafeUseInsecureChannelCallCredentials = true,
                UnsafeSkipServerCertificateValidation = settings.SkipsVerification,
                MaxReceiveMessageSize = settings.MaxMessageSize,
                SslTargetNameOverride = settings.ServerName,
                EnableMultipleHttp2Connections = !isOnlyOne,
            };
            return new ServerConnection(settings, GrpcChannel.ForAddress(settings.Address, options), tls);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // The parameter's name that the framework adds means nothing to a user.
            var message = exception.Message;
            var end = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
            throw new ToolException(end < 0 ? message : message[..end], ExitCode.Usage);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(exception.Message);
        }
    }

    /// <summary>
    /// Connects, within the time for it. Returns, too, when the server cannot be reached: the next call tells why.
    /// </summary>
    /// <param name="waitForReady">Whether to try again until the server is there, as long as the token allows.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ToolException">It took too long.</exception>
    public async Task OpenAsync(bool waitForReady, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (!waitForReady)
        {
            limit.CancelAfter(Settings.ConnectTimeout);
        }

        var connecting = _channel.ConnectAsync(limit.Token);
        try
        {
            while (!connecting.IsCompleted && (waitForReady || _channel.State != ConnectivityState.TransientFailure))
            {
                await Task.WhenAny(connecting, _channel.WaitForStateChangedAsync(_channel.State, limit.Token)).ConfigureAwait(false);
                limit.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ToolException(
                $"\"{Settings.Address}\" does not answer: no connection within {Settings.ConnectTimeout.TotalSeconds:0.###} s (--connect-timeout). Check the address, and that a gRPC server listens there."
                + await PortProbe.HintAsync(this, CancellationToken.None).ConfigureAwait(false),
                ExitCode.Of(StatusCode.Unavailable));
        }
        finally
        {
            await limit.CancelAsync().ConfigureAwait(false);
            _ = connecting.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            OpenTime = OpenTime > TimeSpan.Zero ? OpenTime : Stopwatch.GetElapsedTime(started);
        }
    }

    /// <summary>The options of a call.</summary>
    /// <param name="cancellationToken">Cancels it.</param>
    public CallOptions Options(CancellationToken cancellationToken) => new(Settings.Headers, cancellationToken: cancellationToken);

    /// <summary>Says what a failed connection may need, such as a flag; empty when nothing is known.</summary>
    /// <param name="status">The status of a call.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<string> HintAsync(Status status, CancellationToken cancellationToken)
    {
        if (status.StatusCode != StatusCode.Unavailable || _channel.State == ConnectivityState.Ready)
        {
            return "";
        }

        var hint = !UsesTls ? await PortProbe.HintAsync(this, cancellationToken).ConfigureAwait(false)
            : Settings.Certificate is null && status.Detail.Contains("client certificate", StringComparison.Ordinal) ? " Give one by --cert and --key."
            : status.Detail.Contains("is not trusted (", StringComparison.Ordinal) ? " --cacert names the authorities to trust, --insecure accepts any certificate."
            : status.Detail.Contains("is not valid for the name ", StringComparison.Ordinal) ? " --servername says which name to expect."
            : await PortProbe.HintAsync(this, cancellationToken).ConfigureAwait(false);
        return hint.Length > 0 && status.Detail is [.., not ('.' or '!' or '?')] ? "." + hint : hint;
    }

    /// <summary>Asks a server that could not be reached once more, for the reason.</summary>
    /// <returns>The status of a call; null when there is a connection.</returns>
    public async Task<Status?> WhyNotReadyAsync(CancellationToken cancellationToken)
    {
        if (_channel.State == ConnectivityState.Ready)
        {
            return null;
        }

        try
        {
            _ = await Invoker.AsyncUnaryCall(Probe, Settings.Authority, Options(cancellationToken), []).ResponseAsync.ConfigureAwait(false);
            return null;
        }
        catch (RpcException exception)
        {
            return _channel.State == ConnectivityState.Ready ? null : exception.Status;
        }
    }

    /// <summary>Connects.</summary>
    /// <exception cref="ToolException">The server cannot be reached; the reason, and what may help, is told.</exception>
    public async Task OpenOrExplainAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(waitForReady: false, cancellationToken).ConfigureAwait(false);
        if (await WhyNotReadyAsync(cancellationToken).ConfigureAwait(false) is { } status)
        {
            throw new ToolException(status.Detail + await HintAsync(status, cancellationToken).ConfigureAwait(false), ExitCode.Of(status.StatusCode));
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _channel.Dispose();
}
