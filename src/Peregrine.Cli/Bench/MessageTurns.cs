// SPDX-License-Identifier: Apache-2.0

using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Peregrine.Cli.Bench;

/// <summary>When the messages of one stream go out: by a schedule whose times wait here until they are kept, or at once.</summary>
internal sealed class MessageTurns
{
    private readonly RunWindow _window;
    private readonly Channel<long>? _dues;

    /// <summary>Makes one.</summary>
    /// <param name="window">When the run ends.</param>
    /// <param name="isPaced">Whether there is a schedule.</param>
    public MessageTurns(RunWindow window, bool isPaced)
    {
        _window = window;
        _dues = isPaced ? System.Threading.Channels.Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true }) : null;
    }

    /// <summary>A message is due.</summary>
    public void Add(long due) => _ = _dues?.Writer.TryWrite(due);

    /// <summary>No message is due any longer.</summary>
    public void End() => _ = _dues?.Writer.TryComplete();

    /// <summary>Waits for the next turn.</summary>
    /// <param name="cancellationToken">Ends the wait; the turn stays for the next one who asks.</param>
    /// <returns>When the message is, or was, due; null when there is none any longer.</returns>
    public async ValueTask<long?> NextAsync(CancellationToken cancellationToken)
    {
        if (_dues is null)
        {
            var now = _window.Time.GetTimestamp();
            return now < _window.Until ? now : null;
        }

        while (await _dues.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_dues.Reader.TryRead(out var due))
            {
                return due;
            }
        }

        return null;
    }
}
