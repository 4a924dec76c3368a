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
        var answers = StampAnswers();
        var state = MockState.Load(settings);
        var server = new MockServer(settings, state, output, terminal, time);
        await using (server.ConfigureAwait(false))
        {
            output.Ready(state, await server.ListenAsync().ConfigureAwait(false));
            var watching = settings.Watches ? WatchAsync(server, state, output, state.Stamps.With(answers), cancellationToken) : Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
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

    private async Task WatchAsync(MockServer server, MockState state, ServeOutput output, FileStamps known, CancellationToken cancellationToken)
    {
        var seen = known;
        using var timer = new PeriodicTimer(WatchInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            var now = known.Again();
            if (known.Equals(now) || !now.Equals(seen))
            {
                // Nothing new; or files that somebody may be writing, which are read when they have kept still for one look.
                seen = now;
                continue;
            }

            var start = DateTime.UtcNow;
            try
            {
                var answers = StampAnswers();
                state = MockState.Load(settings, state);
                known = state.Stamps.With(answers);
                server.Change(state);
                output.Reloaded(state);
            }
            catch (Exception exception) when (exception is ToolException or IOException or UnauthorizedAccessException)
            {
                known = WithImports(now, start);
                output.Rejected(exception.Message);
            }
        }
    }

    // What was wrong may stand in an import that nobody has named and no good schema had: any file that can be one is looked at until all is well.
    private FileStamps WithImports(FileStamps named, DateTime start)
    {
        try
        {
            return named.WithRead(settings.ImportFolders(), start);
        }
        catch (Exception exception) when (exception is ToolException or IOException or UnauthorizedAccessException)
        {
            // What implies the folders cannot be read; it is named.
            return named;
        }
    }

    private FileStamps StampAnswers() => FileStamps.Of(settings.AnswersPath is { } answers ? [answers] : []);
}
