// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Peregrine.TestKit;

namespace Endurance.Attacks;

/// <summary>
/// A process that attacks for some time, or sends well-formed calls at a rate of octets instead, and prints what it sent and how its
/// connections ended.
/// </summary>
internal sealed class Attacker(Attack attack, int port, TimeSpan time)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private AttackTally _tally;

    private bool IsOver => Stopwatch.GetElapsedTime(_start) > time;

    public static async Task<int> RunAsync(Flags flags)
    {
        ProcessorAffinity.Use(flags.Number("core", int.MaxValue));
        int port = flags.Number("port", 0);
        TimeSpan time = flags.Seconds("seconds", 1);
        if (flags.Number("warm", 0) > 0)
        {
            await new Attacker(KnownAttacks.Find(flags.Text("attack", "")), port, time).RunAsync();
        }

        await StartSignal.WaitAsync();
        AttackTally tally = flags.Number("honest", 0) is > 0 and var rate
            ? await SendWellFormedAsync(port, flags, time, rate)
            : await new Attacker(KnownAttacks.Find(flags.Text("attack", "")), port, time).RunAsync();
        Console.WriteLine(tally.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static async Task<AttackTally> SendWellFormedAsync(int port, Flags flags, TimeSpan time, int octetsPerSecond)
    {
        using WellFormedCalls calls = new(port, flags.Text("certificate-hash", ""), time, octetsPerSecond);
        return await calls.RunAsync();
    }

    private async Task<AttackTally> RunAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, attack.Connections).Select(_ => Task.Run(AttackAsync)));
        return _tally;
    }

    [SuppressMessage("Reliability", "CA2025", Justification = "Disposing of the connection is what ends the task that reads it.")]
    private async Task AttackAsync()
    {
        while (!IsOver)
        {
            using RawConnection connection = attack.SpeaksHttp2
                ? await RawConnection.OpenAsync(port, attack.Settings)
                : await RawConnection.ConnectAsync(port);
            long connected = Stopwatch.GetTimestamp();
            Task<RawFrame?> goAway = attack.Reads ? ReadToEndAsync(connection) : new TaskCompletionSource<RawFrame?>().Task;
            bool isEnded = await SendAsync(connection, goAway);
            if (!isEnded && attack.Holds)
            {
                await WaitForEndAsync(goAway);
            }

            Count(goAway, isEnded || goAway.IsCompleted, Stopwatch.GetElapsedTime(connected));
        }
    }

    // True: the server has ended the connection.
    private async Task<bool> SendAsync(RawConnection connection, Task<RawFrame?> goAway)
    {
        AttackConnection state = new();
        try
        {
            await SendAsync(connection, attack.Opening?.Invoke(state) ?? []);
            for (; state.Round < attack.Rounds && !goAway.IsCompleted && !IsOver; state.Round++)
            {
                await SendAsync(connection, attack.NextRound(state));
            }

            return false;
        }
        catch (IOException)
        {
            // The server closed while there was more to send; its GOAWAY may be on the way.
            await WaitForEndAsync(goAway);
            return true;
        }
    }

    private async Task SendAsync(RawConnection connection, byte[] bytes)
    {
        using CancellationTokenSource over = new(time + TimeSpan.FromSeconds(1) - Stopwatch.GetElapsedTime(_start));
        try
        {
            await connection.SendAsync(bytes, over.Token);
        }
        catch (OperationCanceledException)
        {
            // The server takes no more, which is its right; the time is over.
        }

        Interlocked.Add(ref _tally.Octets, bytes.Length);
    }

    private async Task WaitForEndAsync(Task end)
    {
        // One that came last is given the time in which the server is to end it, and three times as much.
        TimeSpan left = time - Stopwatch.GetElapsedTime(_start);
        TimeSpan least = TimeSpan.FromSeconds(Math.Max(1, 4 * attack.HandshakeSeconds));
        await Task.WhenAny(end, Task.Delay(left > least ? left : least));
    }

    // The GOAWAY that says why; null: it ended without.
    private static async Task<RawFrame?> ReadToEndAsync(RawConnection connection)
    {
        RawFrame? goAway = null;
        try
        {
            while (await connection.ReadAsync() is { } frame)
            {
                goAway = frame.Type == RawFrameType.GoAway ? frame : goAway;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // A reset: what was read before counts.
        }

        return goAway;
    }

    private void Count(Task<RawFrame?> goAway, bool isEnded, TimeSpan life)
    {
        const int codeOffset = 4;
        const uint enhanceYourCalm = 0xb;
        Interlocked.Increment(ref _tally.Connections);
        InterlockedMax(ref _tally.LongestLife, (long)life.TotalMilliseconds);
        if (isEnded)
        {
            Interlocked.Increment(ref _tally.Ended);
        }

        if (goAway is { IsCompletedSuccessfully: true, Result.Payload: { Length: >= 8 } payload }
            && System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(codeOffset)) == enhanceYourCalm)
        {
            Interlocked.Increment(ref _tally.Calmed);
        }
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (long seen = Interlocked.Read(ref most); value > seen;)
        {
            seen = Interlocked.CompareExchange(ref most, value, seen) is var found && found == seen ? value : found;
        }
    }
}
