// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Peregrine;

/// <summary>Reads the paths of Unix domain sockets. A path that begins with NUL is a name of Linux's abstract namespace, without a file.</summary>
internal static class UnixSocketPath
{
    /// <summary>The path of an abstract name.</summary>
    public static string Abstract(string name) => name.Length == 0 ? "" : $"\0{name}";

    /// <summary>Makes the end point of a path; false, with what is wrong, if there can be none.</summary>
    public static bool TryCreate(
        string path, [NotNullWhen(true)] out UnixDomainSocketEndPoint? endPoint, [NotNullWhen(false)] out string? problem)
    {
        endPoint = null;
        problem = null;
        if (path.Length == 0)
        {
            problem = "the path of the Unix domain socket is missing";
            return false;
        }

        if (path.AsSpan(1).Contains('\0'))
        {
            problem = "the path of a Unix domain socket has no NUL character";
            return false;
        }

        if (path[0] == '\0' && !OperatingSystem.IsLinux())
        {
            problem = "abstract names of sockets are there on Linux only; use unix:path";
            return false;
        }

        try
        {
            endPoint = new UnixDomainSocketEndPoint(path);
            return true;
        }
        catch (ArgumentOutOfRangeException)
        {
            // sockaddr_un holds 108 bytes on Linux, 104 on macOS.
            problem = "the path is too long for a Unix domain socket (about 100 bytes); use a shorter or a relative one";
            return false;
        }
        catch (PlatformNotSupportedException)
        {
            problem = "this system has no Unix domain sockets";
            return false;
        }
    }
}
