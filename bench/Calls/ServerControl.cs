// SPDX-License-Identifier: Apache-2.0
namespace Bench.Calls;

/// <summary>How CallBench talks to a server that it started: by lines on the server's standard input and output.</summary>
internal static class ServerControl
{
    public const string Measure = "measure";
    public const string CollectAndMeasure = "collect";

    /// <summary>
    /// Says the port, then answers requests for measures until the input ends, which it also does when CallBench dies. Holds the
    /// calling thread, since reading the console would hold one of the pool's otherwise.
    /// </summary>
    public static void Serve(int port)
    {
        Console.WriteLine(port);
        while (Console.ReadLine() is string line)
        {
            Console.WriteLine(ProcessUsage.Read(line == CollectAndMeasure));
        }
    }
}
