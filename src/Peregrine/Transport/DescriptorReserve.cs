// SPDX-License-Identifier: Apache-2.0
using System;
using System.Globalization;
using System.IO;
using System.Net.Sockets;

namespace Peregrine.Transport;

/// <summary>
/// The file descriptors that accepted connections leave to the rest of their process. The runtime takes two for each thread that it starts
/// and ends the process when there are none; files, logs and assemblies need theirs, too. So a crowd of connections must not take the last.
/// </summary>
/// <remarks>
/// A new descriptor has the lowest number that is free: one below the limit says that at least so many are open. That costs no system call.
/// Where no limit is known (no <c>/proc</c>, or none is set) there is no reserve, and accepting goes on until the system refuses.
/// </remarks>
internal sealed class DescriptorReserve
{
    // Threads take two each: this is room for 128 of them, of which a pool that grows by one or two each second makes use late.
    private const int Most = 256;

    // Under small limits an eighth; 37 of 300, the least that tests and careful containers set.
    private const int Share = 8;

    private readonly Func<int> _limit;

    /// <summary>A reserve below a limit.</summary>
    /// <param name="limit">How many descriptors the process may have; <see cref="int.MaxValue"/> for no limit.</param>
    public DescriptorReserve(Func<int> limit) => _limit = limit;

    /// <summary>The reserve of this process: its limit is read when a listener is opened.</summary>
    public static DescriptorReserve OfProcess()
    {
        var limit = ReadLimit();
        return new DescriptorReserve(() => limit);
    }

    /// <summary>How many descriptors may be open before no more connections are accepted.</summary>
    public int Bound => _limit() is var limit and < int.MaxValue ? limit - Math.Min(limit / Share, Most) : int.MaxValue;

    /// <summary>Whether this socket is the last that may be accepted for now.</summary>
    public bool IsReachedBy(Socket accepted) => accepted.Handle >= Bound;

    /// <summary>Whether there is room for another connection again.</summary>
    public bool HasRoom()
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            return !IsReachedBy(probe);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The soft limit of open files in the text of <c>/proc/self/limits</c>.</summary>
    /// <returns>The limit; <see cref="int.MaxValue"/> if the text names none.</returns>
    internal static int ParseLimit(string limits)
    {
        const string name = "Max open files";
        foreach (var line in limits.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                var columns = line[name.Length..].TrimStart();
                var end = columns.IndexOf(' ');
                return int.TryParse(end < 0 ? columns : columns[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var soft) ? soft : int.MaxValue;
            }
        }

        return int.MaxValue;
    }

    // Windows has no such numbers, and its handles are no count of anything.
    private static int ReadLimit()
    {
        try
        {
            return OperatingSystem.IsLinux() ? ParseLimit(File.ReadAllText("/proc/self/limits")) : int.MaxValue;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return int.MaxValue;
        }
    }
}
