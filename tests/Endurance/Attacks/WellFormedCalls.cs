// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Endurance.Protocol;
using Peregrine.Protobuf;
using Peregrine.TestKit;

namespace Endurance.Attacks;

/// <summary>
/// Well-formed unary calls at a rate of octets, and as many connections that come and go well-formed as the attack has: what an attack's
/// cost to others is compared with.
/// </summary>
/// <param name="port">The server's port.</param>
/// <param name="certificateHash">The server's certificate; empty: no TLS.</param>
/// <param name="time">How long.</param>
/// <param name="octetsPerSecond">The rate of the calls.</param>
/// <param name="held">How many connections more come and go; 0 for attacks whose connections are not what they cost.</param>
/// <param name="life">How long each of these lives.</param>
internal sealed class WellFormedCalls(int port, string certificateHash, TimeSpan time, int octetsPerSecond, int held, TimeSpan life) : IDisposable
{
    private const int MaxOpen = 500;
    private const int Batch = 20;

    private readonly SemaphoreSlim _room = new(MaxOpen);
    private int _comings;

    [SuppressMessage("Reliability", "CA2025", Justification = "Disposing of the connection is what ends the task that reads it.")]
    public async Task<AttackTally> RunAsync()
    {
        byte[] message = new Blob { Data = ByteString.CopyFrom(new byte[32]) }.ToByteArray();
        AttackConnection calls = new();
        AttackTally tally = new() { Connections = 1 };
        long start = Stopwatch.GetTimestamp();
        Task[] comings = [.. Enumerable.Range(0, held).Select(_ => Task.Run(() => ComeAndGoAsync(start)))];
        using RawConnection connection = await OpenAsync();
        Task reading = ReadAsync(connection);
        while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < time)
        {
            if (tally.Octets > elapsed.TotalSeconds * octetsPerSecond)
            {
                await Task.Delay(1);
                continue;
            }

            for (int i = 0; i < Batch; i++)
            {
                await _room.WaitAsync();
            }

            byte[] batch = AttackConnection.Each(Batch, () => [.. calls.Open("Echo"), .. calls.Message(message)]);
            await connection.SendAsync(batch);
            tally.Octets += batch.Length;
        }

        connection.Dispose();
        await reading;
        await Task.WhenAll(comings);
        tally.Connections += _comings;
        return tally;
    }

    public void Dispose() => _room.Dispose();

    private Task<RawConnection> OpenAsync() =>
        certificateHash.Length > 0 ? RawConnection.OpenTlsAsync(port, certificateHash) : RawConnection.OpenAsync(port);

    private async Task ComeAndGoAsync(long start)
    {
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            using RawConnection connection = await OpenAsync();
            Interlocked.Increment(ref _comings);
            await Task.Delay(life);
        }
    }

    private async Task ReadAsync(RawConnection connection)
    {
        try
        {
            int received = 0;
            while (await connection.ReadAsync() is { } frame)
            {
                if (frame.Type == RawFrameType.Headers && frame.Has(RawFrame.EndStream))
                {
                    _room.Release();
                }

                received += frame.Type == RawFrameType.Data ? frame.Payload.Length : 0;
                if (received > 16_000)
                {
                    await connection.SendAsync(RawFrame.OfNumbers(RawFrameType.WindowUpdate, 0, (uint)received).ToArray());
                    received = 0;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The time is over.
        }
    }
}
