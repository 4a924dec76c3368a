// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace CompilerFuzz;

/// <summary>Measures whether time and memory grow with the size of a file as they should: linearly.</summary>
internal sealed class Scaling(Settings settings)
{
    // The small input has half of a case's size, the large one has four times the size.
    private const int Factor = 8;

    // What the large one may cost more. Linear is 8, quadratic 64. In between lie the steps of the garbage collector and of the
    // processor's caches: what is linear was seen to take up to 30 times as long.
    private const double MaxTimeRatio = 44;
    private const double MaxMemoryRatio = 1.5 * Factor;

    // Shorter times say nothing. The sizes are such that comparing each with each takes many times this.
    private static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly PeregrineRun _peregrine = new(settings.Includes, Limit);

    /// <summary>Measures all cases.</summary>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public int Run()
    {
        int failed = 0;
        _ = Measure(ScalingCases.All[0].Files(1000));
        foreach (ScalingCase @case in ScalingCases.All)
        {
            int size = @case.Size / 2;
            bool isGood = false;
            string figures = "";

            // Other programs on the machine disturb; a pass that compares each with each fails every time.
            for (int tries = 0; tries < 5 && !isGood; tries++)
            {
                // The large one first: what is to be got from the system is there when the small one runs.
                (TimeSpan largeTime, long largeBytes) = Measure(@case.Files(Factor * size));
                (TimeSpan time, long bytes) = Measure(@case.Files(size));
                double timeRatio = largeTime / (time > Floor ? time : Floor);
                double memoryRatio = (double)largeBytes / bytes;
                isGood = timeRatio <= MaxTimeRatio && memoryRatio <= MaxMemoryRatio;
                figures = $"{time.TotalMilliseconds,6:0} ms {largeTime.TotalMilliseconds,6:0} ms  x{timeRatio:0.0}   {bytes >> 20,4} MB {largeBytes >> 20,4} MB  x{memoryRatio:0.0}";
            }

            failed += isGood ? 0 : 1;
            Console.WriteLine($"{(isGood ? "  " : "! ")}{@case.Name,-36} {figures}");
        }

        Console.WriteLine($"scaling: {ScalingCases.All.Length} cases, {failed} grow too fast");
        return failed == 0 ? ExitCode.Success : ExitCode.Found;
    }

    private (TimeSpan Time, long Bytes) Measure(IReadOnlyList<(string Path, string Text)> texts)
    {
        List<(string, byte[])> files = [.. texts.Select(file => (file.Path, Encoding.UTF8.GetBytes(file.Text)))];
        TimeSpan best = TimeSpan.MaxValue;
        long allocated = long.MaxValue;
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();

            // Processor time of the program itself: other programs do not count, nor does the system's work for its memory.
            TimeSpan before = Environment.CpuUsage.UserTime;
            _peregrine.Generate(files, () => texts[0].Text[..Math.Min(texts[0].Text.Length, 200)]);
            TimeSpan time = Environment.CpuUsage.UserTime - before;
            best = time < best ? time : best;
            allocated = Math.Min(allocated, _peregrine.AllocatedBytes);
        }

        return (best, allocated);
    }
}
