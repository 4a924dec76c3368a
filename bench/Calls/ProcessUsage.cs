// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Bench.Calls;

/// <summary>
/// What a process has used since it started, as the operating system (CPU time, user and system; resident memory) and the runtime
/// (octets allocated; NaN for programs that nobody counts them in) tell. Written as one line between processes.
/// </summary>
internal readonly record struct ProcessUsage(double CpuMicroseconds, double Allocated, double Resident)
{
    /// <param name="collect">Whether garbage is given back first, so that memory is what is really held.</param>
    public static ProcessUsage Read(bool collect = false)
    {
        if (collect)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        return new ProcessUsage(
            CpuTime().TotalMicroseconds, GC.GetTotalAllocatedBytes(precise: true), Environment.WorkingSet);
    }

    public static ProcessUsage Parse(string line)
    {
        Flags flags = new(line.Split(' '));
        return new ProcessUsage(flags.Fraction("cpu", 0), flags.Fraction("allocated", double.NaN), flags.Fraction("resident", 0));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"cpu={CpuMicroseconds:F0} allocated={Allocated:F0} resident={Resident:F0}");

    private static TimeSpan CpuTime() =>
        OperatingSystem.IsLinux() || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
            ? Environment.CpuUsage.TotalTime
            : throw new PlatformNotSupportedException("CPU time is read on Linux, Windows and macOS.");
}
