// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Http2;

namespace Peregrine.Transport;

/// <summary>
/// The lists of events of busy connections while these wait: room for hundreds of calls that an idle connection need not keep, and that the
/// next one to be read from can use. Each thread has its own two, as many as a connection has.
/// </summary>
internal static class SpareEvents
{
    [ThreadStatic]
    private static List<Http2Event>? _first;

    [ThreadStatic]
    private static List<Http2Event>? _second;

    /// <summary>An empty list, with room if there is one.</summary>
    public static List<Http2Event> Take()
    {
        var list = _first ?? [];
        _first = _second;
        _second = null;
        return list;
    }

    /// <summary>Keeps an empty list.</summary>
    public static void Keep(List<Http2Event> list)
    {
        if (_first is null)
        {
            _first = list;
        }
        else
        {
            _second ??= list;
        }
    }
}
