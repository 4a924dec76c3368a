// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Diagnostics;
using System.Text;
using Peregrine.Http2.Hpack;

namespace Peregrine.Diagnostics;

/// <summary>
/// Carries a trace from client to server in metadata: <c>traceparent</c>, <c>tracestate</c> and <c>baggage</c> of W3C, or whatever
/// <see cref="DistributedContextPropagator.Current"/> chooses.
/// </summary>
internal static class TraceContext
{
    private const string TraceParent = "traceparent";

    private static readonly DistributedContextPropagator.PropagatorSetterCallback Setter =
        static (carrier, name, value) => ((Injection)carrier!).Add(name, value);

    private static readonly DistributedContextPropagator.PropagatorGetterCallback Getter = Get;

    /// <summary>The metadata that carries <paramref name="activity"/>; null for none.</summary>
    /// <param name="activity">The call's activity, or without one the current; null for none.</param>
    /// <param name="own">The caller's own metadata: names that are there stay the caller's, and <c>traceparent</c> there is the whole context.</param>
    public static Metadata? Inject(Activity? activity, Metadata? own)
    {
        if (activity is null || own?.Get(TraceParent) is not null)
        {
            return null;
        }

        var injection = new Injection(own);
        DistributedContextPropagator.Current.Inject(activity, injection, Setter);
        return injection.Metadata;
    }

    /// <summary>The client's context; empty when the headers have none, or a malformed one.</summary>
    public static ActivityContext Extract(HeaderList headers)
    {
        DistributedContextPropagator.Current.ExtractTraceIdAndState(headers, Getter, out var parent, out var state);
        return ActivityContext.TryParse(parent, state, isRemote: true, out var context) ? context : default;
    }

    /// <summary>Gives an activity the client's baggage.</summary>
    public static void CopyBaggage(HeaderList headers, Activity activity)
    {
        if (DistributedContextPropagator.Current.ExtractBaggage(headers, Getter) is not { } baggage)
        {
            return;
        }

        // AddBaggage puts an item in front of the others; this way their order stays.
        List<KeyValuePair<string, string?>> items = [.. baggage];
        for (var i = items.Count - 1; i >= 0; i--)
        {
            _ = activity.AddBaggage(items[i].Key, items[i].Value);
        }
    }

    private static void Get(object? carrier, string name, out string? value, out IEnumerable<string>? values)
    {
        value = null;
        values = null;
        List<string>? several = null;
        foreach (ref readonly var field in ((HeaderList)carrier!).Fields)
        {
            if (!Ascii.EqualsIgnoreCase(field.Name, name))
            {
                continue;
            }

            var text = Encoding.Latin1.GetString(field.Value);
            if (value is null)
            {
                value = text;
            }
            else
            {
                several ??= [value];
                several.Add(text);
            }
        }

        if (several is not null)
        {
            value = null;
            values = several;
        }
    }

    private sealed class Injection(Metadata? own)
    {
        public Metadata? Metadata { get; private set; }

        // What metadata cannot hold is left out: a trace must not fail the call that it shows.
        public void Add(string name, string value)
        {
            if (MetadataSyntax.CanHoldText(name, value) && own?.Get(name) is null)
            {
                (Metadata ??= []).Add(name, value);
            }
        }
    }
}
