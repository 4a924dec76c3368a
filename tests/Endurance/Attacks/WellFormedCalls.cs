// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Endurance.Protocol;
using Peregrine.Protobuf;
using Peregrine.TestKit;

namespace Endurance.Attacks;

/// <summary>Well-formed unary calls on one connection at a rate of octets: what an attack's cost to others is compared with.</summary>
/// <param name="port">The server's port.</param>
/// <param name="certificateHash">The server's certificate; empty: no TLS.</param>
/// <param name="time">How long.</param>
/// <param name="octetsPerSecond">The rate of the calls.</param>
internal sealed class WellFormedCalls(int port, string certificateHash, TimeSpan time, int octetsPerSecond) : IDisposable
{
    private const int MaxOpen = 500;
    private const int Batch = 20;

    private readonly SemaphoreSlim _room = new(MaxOpen);

    [SuppressMessage("Reliability", "CA2025", Justification = "Disposing of the connection is what ends the task that reads it.")]
    public async Task<AttackTally> RunAsync()
    {
        byte[] message = new Blob { Data = ByteString.CopyFrom(new byte[32]) }.ToByteArray();
        AttackConnection calls = new();
        AttackTally tally = new() { Connections = 1 };
        long start = Stopwatch.GetTimestamp();
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
        return tally;
    }

    public void Dispose() => _room.Dispose();

    private Task<RawConnection> OpenAsync() =>
        certificateHash.Length > 0 ? RawConnection.OpenTlsAsync(port, certificateHash) : RawConnection.OpenAsync(port);

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
