// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Runtime.Versioning;

namespace Endurance;

/// <summary>Keeps a process on one core, so that those who are compared do not take each other's time.</summary>
internal static class ProcessorAffinity
{
    /// <summary>Number of the core, or -1 for all.</summary>
    public static void Use(int number)
    {
        if (number >= 0 && number < Environment.ProcessorCount && OperatingSystem.IsLinux())
        {
            Pin(number);
        }
    }

    [SupportedOSPlatform("linux")]
    private static void Pin(int number)
    {
        using Process self = Process.GetCurrentProcess();
        self.ProcessorAffinity = 1 << number;
    }
}
