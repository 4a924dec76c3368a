// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Cli.Mock;

/// <summary>The life of <c>peregrine serve</c>: read, listen, follow changes, drain.</summary>
internal sealed class ServeRun(ServeSettings settings, Terminal terminal, TimeProvider time)
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>Runs it.</summary>
    /// <param name="cancellationToken">The user's Ctrl-C.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    /// <exception cref="ToolException">A file has errors, or an address cannot be read.</exception>
    /// <exception cref="IOException">An address cannot be listened on.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var output = new ServeOutput(settings, terminal, time);
        var stamp = Stamp();
        var state = MockState.Load(settings);
        var server = new MockServer(settings, state, output, terminal, time);
        await using (server.ConfigureAwait(false))
        {
            output.Ready(state, await server.ListenAsync().ConfigureAwait(false));
            var watching = settings.Watches ? WatchAsync(server, state, output, stamp, cancellationToken) : Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (watching.IsFaulted)
            {
                await watching.ConfigureAwait(false);
            }

            output.Stopping();
            await server.StopAsync().ConfigureAwait(false);
            output.Stopped(server.Calls);
            return ExitCode.Success;
        }
    }

    private async Task WatchAsync(MockServer server, MockState state, ServeOutput output, string known, CancellationToken cancellationToken)
    {
        // Imports were not known before the first reading; they are looked at from now on.
        var (named, imports) = (known, FileStamps.Of(state.Schema.Files, []));
        var seen = (named, imports);
        using var timer = new PeriodicTimer(WatchInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                var now = (Stamp(), FileStamps.Of(state.Schema.Files, []));
                if (now == (named, imports) || now != seen)
                {
                    // Nothing new; or files that somebody may be writing, which are read when they have kept still for one look.
                    seen = now;
                    continue;
                }

                (named, imports) = now;
                state = MockState.Load(settings, state);
                imports = FileStamps.Of(state.Schema.Files, []);
                server.Change(state);
                output.Reloaded(state);
            }
            catch (Exception exception) when (exception is ToolException or IOException or UnauthorizedAccessException)
            {
                output.Rejected(exception.Message);
            }
        }
    }

    private string Stamp() => FileStamps.Of([], settings.AnswersPath is { } answers ? [.. settings.SchemaPaths, answers] : settings.SchemaPaths);
}
