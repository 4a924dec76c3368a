// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Tests.FlowControl;

/// <summary>
/// One direction of a path, as TCP shows it to its user: octets arrive once and in order. What enters waits for the bandwidth, then for the
/// delay. A segment that is lost comes one retransmission time later, and all behind it wait for it; the rate halves, once in a round trip,
/// and grows back with what is not lost.
/// </summary>
/// <param name="delay">Milliseconds.</param>
/// <param name="octetsPerMillisecond">The bandwidth.</param>
/// <param name="loss">The share of segments that are lost.</param>
/// <param name="seed">Which ones those are.</param>
internal sealed class PathDirection(int delay, int octetsPerMillisecond, double loss = 0, int seed = 0)
{
    private const int SegmentSize = 1460;
    private const int LeastRetransmissionTime = 200;
    private const int LongestRetransmissionTime = 60_000;
    private const int SegmentsToRecover = 200;

    private readonly Queue<(long At, ReadOnlyMemory<byte> Octets)> _underWay = new();
    private readonly Random _random = new(seed);
    private double _rate = octetsPerMillisecond;
    private double _freeAt;
    private long _lastArrival;
    private long _rateHeldUntil;
    private long _now;

    /// <summary>Whether what enters now would leave the sender within a few milliseconds: a small queue, as in a socket.</summary>
    public bool HasRoom => _freeAt < _now + 5;

    /// <summary>When something arrives next; <see cref="long.MaxValue"/> for never.</summary>
    public long NextArrival => _underWay.TryPeek(out (long At, ReadOnlyMemory<byte> Octets) first) ? first.At : long.MaxValue;

    /// <summary>Segments that were lost, and came later.</summary>
    public int Lost { get; private set; }

    public void Enter(ReadOnlyMemory<byte> octets, long now)
    {
        _now = now;
        int piece = loss > 0 ? SegmentSize : int.MaxValue;
        for (; octets.Length > 0; octets = octets[Math.Min(piece, octets.Length)..])
        {
            ReadOnlyMemory<byte> segment = octets[..Math.Min(piece, octets.Length)];
            _freeAt = Math.Max(_freeAt, now) + (segment.Length / _rate);
            _lastArrival = Math.Max(_lastArrival, Send((long)Math.Ceiling(_freeAt) + delay));
            _underWay.Enqueue((_lastArrival, segment));
        }
    }

    /// <summary>What has arrived by now; false when nothing more has.</summary>
    public bool TryLeave(long now, out ReadOnlyMemory<byte> octets)
    {
        _now = now;
        bool isThere = NextArrival <= now;
        octets = isThere ? _underWay.Dequeue().Octets : default;
        return isThere;
    }

    /// <summary>Loses for ever what is under way.</summary>
    public void Cut() => _underWay.Clear();

    // When a segment arrives that would at a time; later if it is lost, which may happen to it again.
    private long Send(long at)
    {
        if (loss > 0)
        {
            _rate = Math.Min(octetsPerMillisecond, _rate + ((double)octetsPerMillisecond / SegmentsToRecover));
            int wait = LeastRetransmissionTime + (2 * delay);
            for (; _random.NextDouble() < loss; wait = Math.Min(2 * wait, LongestRetransmissionTime))
            {
                Lost++;
                at += wait;
                if (_now >= _rateHeldUntil)
                {
                    _rate /= 2;
                    _rateHeldUntil = _now + (2 * delay);
                }
            }
        }

        return at;
    }
}
