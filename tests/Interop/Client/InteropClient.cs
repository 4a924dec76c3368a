// SPDX-License-Identifier: Apache-2.0
using Peregrine;

namespace Interop.Client;

/// <summary>The client of the public cases: runs one, and says whether it passed.</summary>
internal static class InteropClient
{
    public static async Task<int> RunAsync(string[] args)
    {
        CommandLine flags = new(ClientFlags.All, args);
        string name = flags.Text("test_case");
        Func<InteropTarget, Task> run = TestCases.Find(name);
        using InteropTarget target = new(flags);
        TimeSpan limit = name.EndsWith("_soak", StringComparison.Ordinal)
            ? Timeout.InfiniteTimeSpan // They have a limit of their own.
            : TimeSpan.FromSeconds(flags.Number("case_timeout_seconds"));
        try
        {
            await run(target).WaitAsync(limit);
            Console.WriteLine($"{name}: passed");
            return 0;
        }
        catch (CaseFailedException e)
        {
            await Console.Error.WriteLineAsync($"{name}: failed: {e.Message}");
        }
        catch (RpcException e)
        {
            await Console.Error.WriteLineAsync($"{name}: failed: expected a call to succeed, but {e.StatusCode} came (\"{e.Status.Detail}\").");
        }
        catch (TimeoutException)
        {
            await Console.Error.WriteLineAsync($"{name}: failed: expected an end, but none came within {limit.TotalSeconds} seconds.");
        }

        return 1;
    }
}
