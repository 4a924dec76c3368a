// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine;

/// <summary>
/// How a call ended: a code, a text for developers and, on the side that saw the failure, its cause.
/// An immutable value.
/// </summary>
public readonly struct Status
{
    /// <summary>Success without a text.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary><see cref="StatusCode.Cancelled"/> without a text.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    private readonly string? _detail;

    /// <summary>Makes a status.</summary>
    /// <param name="statusCode">The code.</param>
    /// <param name="detail">A text for developers; null counts as empty.</param>
    public Status(StatusCode statusCode, string detail)
        : this(statusCode, detail, null)
    {
    }

    /// <summary>Makes a status that remembers its cause.</summary>
    /// <param name="statusCode">The code.</param>
    /// <param name="detail">A text for developers; null counts as empty.</param>
    /// <param name="debugException">The cause; it never leaves the process.</param>
    public Status(StatusCode statusCode, string detail, Exception? debugException)
    {
        StatusCode = statusCode;
        _detail = detail;
        DebugException = debugException;
    }

    /// <summary>The code.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>The text for developers, sent as <c>grpc-message</c>; never null.</summary>
    public string Detail => _detail ?? "";

    /// <summary>The local cause of a failure, for debugging; never sent to the peer.</summary>
    public Exception? DebugException { get; }

    /// <summary>
    /// Code and text, and the type and message of <see cref="DebugException"/>. The stack trace is left to the exception. Line ends and other
    /// control characters are escaped: the text may be a server's, and this is what logs and terminals get.
    /// </summary>
    /// <returns>A one-line description.</returns>
    public override string ToString() => DebugException is null
        ? $"Status(StatusCode=\"{StatusCode}\", Detail=\"{PrintableText.Escape(Detail)}\")"
        : $"Status(StatusCode=\"{StatusCode}\", Detail=\"{PrintableText.Escape(Detail)}\", DebugException=\"{DebugException.GetType()}: {PrintableText.Escape(DebugException.Message)}\")";
}
