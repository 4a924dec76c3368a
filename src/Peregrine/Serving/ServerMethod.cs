// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Peregrine.Protocol;

namespace Peregrine.Serving;

/// <summary>
/// One method of a service, ready to be called: handler, interceptors and marshallers composed once, when the service was added.
/// </summary>
internal abstract class ServerMethod(IMethod method, MethodSettings settings)
{
    private readonly List<ServerMethod> _otherFormats = [];
    private readonly StallHistory _stalls = new();
    private int _blockingTold;
    private volatile bool _isRemoved;

    /// <summary>The path, <c>/package.Service/Method</c>.</summary>
    public string Path { get; } = method.FullName;

    /// <summary>Whether it has one request and one response.</summary>
    public bool IsUnary { get; } = method.Type == MethodType.Unary;

    /// <summary>What the options come to for this method.</summary>
    public MethodSettings Settings { get; } = settings;

    /// <summary>The format of the messages, the content-subtype; null for protobuf's binary one.</summary>
    public string? ContentSubtype { get; } = method.ContentSubtype;

    /// <summary>The content-types that the method takes, for a status.</summary>
    public string FormatNames => string.Join(", ", _otherFormats.Prepend(this).Select(one => ContentType.Of(one.ContentSubtype ?? "proto")));

    /// <summary>The path's octets, as they stand in <c>:path</c>.</summary>
    public byte[] PathOctets { get; } = Encoding.UTF8.GetBytes(method.FullName);

    /// <summary>Whether this serves whatever no service has: its path is not that of its calls.</summary>
    public bool IsAnyMethod { get; init; }

    /// <summary>Whether its service was removed: whoever remembers the method forgets it then.</summary>
    public bool IsRemoved => _isRemoved;

    /// <summary>The method with its messages in another format. Before the method is served.</summary>
    public void AddFormat(ServerMethod other) => _otherFormats.Add(other);

    /// <summary>What serves a content-subtype, empty for protobuf's binary one: this, or the method in another format; null for nothing.</summary>
    public ServerMethod? InFormat(ReadOnlySpan<byte> contentSubtype)
    {
        if (IsFormat(contentSubtype))
        {
            return this;
        }

        foreach (var other in _otherFormats)
        {
            if (other.IsFormat(contentSubtype))
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>Marks the method as removed.</summary>
    public void Remove() => _isRemoved = true;

    private bool IsFormat(ReadOnlySpan<byte> contentSubtype) => ContentSubtype is null
        ? contentSubtype.IsEmpty
        : Ascii.EqualsIgnoreCase(contentSubtype, ContentSubtype);

    /// <summary>Runs one call up to, and without, its status. Throws what the handler throws.</summary>
    public abstract ValueTask InvokeAsync(ServerCall call);

    /// <summary>Counts a call in. True: it starts on the reading thread; false: on the thread pool, since the method was caught blocking.</summary>
    public bool TakeInline() => _stalls.TakeInline();

    /// <summary>A call of the method was caught holding the reading thread.</summary>
    public void OnStalled(ILogger logger)
    {
        if (_stalls.AddStall() && Interlocked.Exchange(ref _blockingTold, 1) == 0)
        {
            ServerLog.MethodBlocks(logger, Path);
        }
    }
}
