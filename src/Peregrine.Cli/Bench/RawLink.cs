// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Calls;
using Peregrine.Http2;

namespace Peregrine.Cli.Bench;

/// <summary>What a <see cref="RawConnection"/> works on until the server ends it: a socket and the HTTP/2 on it. Guarded by the connection's lock.</summary>
internal sealed class RawLink(Stream stream) : IDisposable
{
    /// <summary>The socket, or TLS over one.</summary>
    public Stream Stream { get; } = stream;

    /// <summary>The state of HTTP/2.</summary>
    [SuppressMessage("Usage", "CA2213", Justification = "The socket may use its memory until it has noticed that it is closed.")]
    public Http2Connection Core { get; } = new(Http2Role.Client, new Http2ConnectionOptions { MaxHeaderListSize = 64 << 10 }, Environment.TickCount64);

    /// <summary>What happened and is not handled yet.</summary>
    public List<Http2Event> Events { get; } = [];

    /// <summary>What is being sent.</summary>
    public List<ArraySegment<byte>> Segments { get; } = [];

    /// <summary>Whether somebody sends.</summary>
    public bool IsWriting { get; set; }

    /// <summary>Whether a call had an answer on it.</summary>
    public bool HasServed { get; set; }

    /// <summary>Whether a call has ended on it, well or badly: it was not made in vain.</summary>
    public bool HasEndedCall { get; set; }

    /// <summary>Whether the server takes no more calls on it.</summary>
    public bool IsEnded => Core.IsClosed || Core.DrainState != DrainState.Open;

    /// <summary>Whether it was told that it has ended.</summary>
    public bool IsEndTold { get; set; }

    /// <summary>Sends the preface and waits for the server's. No call uses the link before that.</summary>
    /// <param name="settings">Where it leads, and how long it may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ToolException">The server does not speak HTTP/2.</exception>
    public async Task OpenAsync(ConnectionSettings settings, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(settings.ConnectTimeout);
        var why = "no HTTP/2 SETTINGS came in time";
        try
        {
            while (Core.TryTakeOutput(Segments, Events))
            {
                foreach (var segment in Segments)
                {
                    await Stream.WriteAsync(segment, limit.Token).ConfigureAwait(false);
                }

                Core.CompleteOutput();
            }

            while (!Core.RemoteSettingsReceived && !Core.IsClosed)
            {
                Receive(await Stream.ReadAsync(Core.GetReceiveMemory(), limit.Token).ConfigureAwait(false));
            }

            Events.Clear();
            if (!Core.IsClosed)
            {
                return;
            }

            why = Core.CloseError.ToString();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // In time means in the user's: nobody has interrupted.
        }
        catch (IOException exception)
        {
            why = exception.Message;
        }

        throw new ToolException($"\"{settings.Address}\" does not speak HTTP/2{(settings.UsesTls ? "" : " without TLS")}: {why}", ExitCode.Of(StatusCode.Unavailable));
    }

    /// <summary>Takes octets that have arrived in the core's memory; none are the end.</summary>
    public void Receive(int count)
    {
        if (count == 0)
        {
            Core.ReceiveEnd(Environment.TickCount64, Events);
        }
        else
        {
            Core.Receive(count, Environment.TickCount64, Events);
        }
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => Stream.Dispose();
}
