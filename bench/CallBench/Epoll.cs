// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace CallBench;

/// <summary>Sockets of Linux that one thread waits for (epoll(7)): each is told once each time something arrives at it.</summary>
[SuppressMessage("Interoperability", "SYSLIB1054:Use LibraryImport", Justification = "Its generated code needs unsafe blocks; all types here are blittable.")]
internal sealed class Epoll
{
    private const int ControlAdd = 1;
    private const uint Readable = 0x1;
    private const uint EdgeTriggered = 1u << 31;

    // struct epoll_event: 32 bits of events, then 64 bits of data, which x86-64 packs and others align.
    private static readonly int DataIndex = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 1 : 2;

    private readonly int _descriptor = epoll_create1(0);

    public void Add(int socket, uint key)
    {
        Span<uint> data = stackalloc uint[4];
        data.Clear();
        data[0] = Readable | EdgeTriggered;
        data[DataIndex] = key;
        _ = epoll_ctl(_descriptor, ControlAdd, socket, ref data[0]);
    }

    /// <summary>Waits for one socket. False: a signal ended the wait.</summary>
    public bool Wait(out uint key)
    {
        Span<uint> data = stackalloc uint[4];
        data.Clear();
        int count = epoll_wait(_descriptor, ref data[0], 1, -1);
        key = data[DataIndex];
        return count > 0;
    }

#pragma warning disable SA1300, IDE1006 // The names are the system's.
    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int epoll_create1(int flags);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int epoll_ctl(int epoll, int operation, int descriptor, ref uint data);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int epoll_wait(int epoll, ref uint data, int count, int timeout);
#pragma warning restore SA1300, IDE1006
}
