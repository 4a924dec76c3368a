// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Peregrine.Transport;

/// <summary>
/// What <see cref="ReadinessPoller"/> asks of Linux (epoll(7)): sockets are added once, edge-triggered, and closing one takes it out.
/// </summary>
/// <remarks>
/// <code>
///   struct epoll_event     x86-64: packed          others
///                          events  32 bits         events  32 bits, 32 bits of nothing
///                          data    64 bits         data    64 bits
/// </code>
/// </remarks>
[SuppressMessage("Interoperability", "SYSLIB1054:Use LibraryImport", Justification = "Its generated code needs unsafe blocks; all types here are blittable.")]
internal static class LinuxEpoll
{
    private const int CloseOnExec = 0x80000;
    private const int ControlAdd = 1;
    private const int Interrupted = 4;

    private const uint Readable = 0x1;
    private const uint Error = 0x8;
    private const uint HungUp = 0x10;
    private const uint PeerEnded = 0x2000;
    private const uint EdgeTriggered = 1u << 31;

    private static readonly int DataIndex = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 1 : 2;

    /// <summary>A new descriptor; negative when the system refuses.</summary>
    public static int Create() => epoll_create1(CloseOnExec);

    /// <summary>Has <paramref name="key"/> told once each time something arrives at the socket. False: the system refuses.</summary>
    public static bool TryAdd(int epoll, int socket, uint key)
    {
        Span<uint> data = stackalloc uint[4];
        data.Clear();
        data[0] = Readable | PeerEnded | EdgeTriggered;
        data[DataIndex] = key;
        return epoll_ctl(epoll, ControlAdd, socket, ref data[0]) == 0;
    }

    /// <summary>Waits for one socket. False: a signal ended the wait.</summary>
    /// <param name="epoll">The descriptor.</param>
    /// <param name="key">The socket's key.</param>
    /// <param name="isLast">Whether nothing more can arrive there: the peer has ended its direction, or the connection has failed.</param>
    public static bool Wait(int epoll, out uint key, out bool isLast)
    {
        Span<uint> data = stackalloc uint[4];
        data.Clear();
        var count = epoll_wait(epoll, ref data[0], 1, -1);
        if (count < 0 && Marshal.GetLastPInvokeError() is var error && error != Interrupted)
        {
            throw new InvalidOperationException($"epoll_wait failed with error {error}.");
        }

        key = data[DataIndex];
        isLast = (data[0] & (PeerEnded | HungUp | Error)) != 0;
        return count > 0;
    }

#pragma warning disable SA1300, IDE1006 // The names are the system's.
    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int epoll_create1(int flags);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int epoll_ctl(int epoll, int operation, int descriptor, ref uint data);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int epoll_wait(int epoll, ref uint data, int count, int timeout);
#pragma warning restore SA1300, IDE1006
}
