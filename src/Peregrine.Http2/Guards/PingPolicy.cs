// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Guards;

/// <summary>
/// How often a client may ping (gRFC A8): a ping that comes too early is a strike, HEADERS or DATA that the server sends forgive all, and
/// the third strike ends the connection. The counts are those of other implementations, so that their clients get along.
/// </summary>
internal struct PingPolicy(Http2ConnectionOptions options)
{
    /// <summary>What GOAWAY says, and what clients of all languages look for.</summary>
    public const string Reason = "too_many_pings";

    // The default of GRPC_ARG_HTTP2_MAX_PING_STRIKES in the gRPC document "keepalive".
    private const int MaxStrikes = 2;

    // Without calls, unless pings are permitted then: as often as TCP's own keepalive (RFC 9293 section 3.8.4), as other implementations do.
    private const long IdleInterval = 2 * 60 * 60 * 1000;

    private readonly long _interval = options.MinPingInterval;
    private readonly bool _withoutStreams = options.PermitPingsWithoutStreams;
    private long _last;
    private int _strikes;
    private bool _isForgiven = true;

    /// <summary>HEADERS or DATA were sent.</summary>
    public void OnMessageSent() => _isForgiven = true;

    /// <summary>A ping came. False: it was one too many.</summary>
    public bool Accept(long now, bool hasStreams)
    {
        if (_interval <= 0)
        {
            return true;
        }

        if (_isForgiven)
        {
            _isForgiven = false;
            _strikes = 0;
        }
        else if (now < _last + (hasStreams || _withoutStreams ? _interval : IdleInterval))
        {
            _strikes++;
        }

        _last = now;
        return _strikes <= MaxStrikes;
    }
}
