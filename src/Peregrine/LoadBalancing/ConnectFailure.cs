// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using Peregrine.Resolution;
using Peregrine.Transport;

namespace Peregrine.LoadBalancing;

/// <summary>
/// The statuses of failed attempts to connect: always UNAVAILABLE, naming target, address and phase, with the cause kept and a word
/// on what to do.
/// </summary>
internal static class ConnectFailure
{
    internal static Status Resolve(DnsResolver resolver, TimeSpan timeout, Exception problem) => Unavailable(
        problem is OperationCanceledException
            ? $"Cannot resolve {resolver.Subject} (phase: resolve): no answer within {Seconds(timeout)}. Check the machine's DNS."
            : $"Cannot resolve {resolver.Subject} (phase: resolve): {Sentence(problem.Message)} Check the host name and the machine's DNS.",
        problem);

    internal static Status NoAddress(DnsResolver resolver) => Unavailable(
        $"Cannot resolve {resolver.Subject} (phase: resolve): it has no address. Check the host name's DNS records.", null);

    internal static Status ClosedAtOnce(ChannelTarget target, EndPoint address) => Unavailable(
        $"Cannot connect to '{target.Host}' at {address} (phase: settings): the server ended the connection as soon as it was ready. See the server's log.",
        null);

    internal static Status Connect(ChannelTarget target, EndPoint address, TimeSpan timeout, Exception problem) => problem switch
    {
        // The transport knows the phase and has named it.
        TransportException known => Unavailable(known.Message, known),
        OperationCanceledException => Unavailable(
            $"Cannot connect to '{target.Host}' at {address} (phase: connect): not ready within {Seconds(timeout)}. Check that the server runs and that no firewall drops the packets.",
            problem),
        _ => Unavailable($"Cannot connect to '{target.Host}' at {address} (phase: connect): {Sentence(problem.Message)}", problem),
    };

    internal static Status Combine(ChannelTarget target, List<Status> failures) => failures.Count == 1
        ? failures[0]
        : Unavailable(
            $"Cannot connect to any of the {failures.Count} addresses of '{target.Host}': "
                + string.Join(" | ", failures.Select(failure => failure.Detail).Distinct()),
            new AggregateException(failures.Select(failure => failure.DebugException).OfType<Exception>()));

    private static Status Unavailable(string detail, Exception? cause) => new(StatusCode.Unavailable, detail, cause);

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
