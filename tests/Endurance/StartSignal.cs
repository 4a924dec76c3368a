// SPDX-License-Identifier: Apache-2.0
namespace Endurance;

/// <summary>How processes begin together: each says that it is ready, and waits for a line.</summary>
internal static class StartSignal
{
    public const string Ready = "ready";
    public const string Begin = "begin";

    public static async Task WaitAsync()
    {
        Console.WriteLine(Ready);
        await Console.In.ReadLineAsync();
    }
}
