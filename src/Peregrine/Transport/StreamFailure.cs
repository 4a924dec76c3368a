// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Http2;

namespace Peregrine.Transport;

/// <summary>Why a stream ended before its END_STREAM.</summary>
/// <param name="Error">Scope, code and initiator; the scope is the connection when that was lost.</param>
/// <param name="Unprocessed">The peer never saw or never processed the request, so that it may be sent again elsewhere.</param>
/// <param name="NeverSent">The request certainly did not leave this process: it may be sent again as often as one likes (gRFC A6).</param>
/// <param name="Cause">What the operating system said, when the connection was lost.</param>
internal readonly record struct StreamFailure(Http2Error Error, bool Unprocessed, bool NeverSent, Exception? Cause);
