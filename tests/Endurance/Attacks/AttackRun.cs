// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Endurance.Attacks;

/// <summary>
/// Runs each attack against a fresh server beside an honest load, and checks how the attacker's connections end and what the server
/// holds at most. With <c>--throughput=1</c> it also tells the share of its throughput that the load keeps, compared with an attacker
/// that sends well-formed calls at the same rate of octets: attacker and load on one core, server on the other. Both times the
/// attacker attacks once before anything counts, so that its code and the server's are compiled.
/// </summary>
internal sealed class AttackRun(Report report, int seconds, bool comparesThroughput)
{
    private const int ServerCore = 1;
    private const int ClientCore = 0;
    private const double LeastShare = 0.8;

    public static async Task<int> RunAsync(Flags flags)
    {
        AttackRun run = new(new Report(), flags.Number("seconds", 1), flags.Number("throughput", 0) > 0);
        string only = flags.Text("attack", "");
        foreach (Attack attack in only.Length > 0 ? [KnownAttacks.Find(only)] : KnownAttacks.All)
        {
            await run.RunAsync(attack);
        }

        return run.Finish();
    }

    private int Finish() => report.Finish("attacks");

    private async Task RunAsync(Attack attack)
    {
        int time = Math.Max(seconds, attack.LeastSeconds);
        (AttackTally tally, long calls, long failed, long growth) = await MeasureAsync(attack, [], time);
        report.Figure(attack.Name, $"{tally.Octets / 1e6 / time:F2} MB/s on {tally.Connections} connections, {calls / time} calls/s beside, {growth / 1e6:F0} MB more");
        report.Check($"{attack.Name}: other connections' calls succeed", calls > 0 && failed == 0, $"{calls} did, {failed} failed");
        report.AtMost($"{attack.Name}: growth of the server's memory in MB", attack.MemoryBound, growth / 1e6);
        if (attack.Outcome != Outcome.Bounded)
        {
            report.Check($"{attack.Name}: the server ends the connection", tally.Ended > 0, $"{tally.Ended} of {tally.Connections}");
        }

        if (attack.HandshakeSeconds > 0)
        {
            report.Check($"{attack.Name}: each of them", tally.Ended == tally.Connections, $"{tally.Ended} of {tally.Connections}");

            // Some seconds more are for machines that have other work.
            report.AtMost($"{attack.Name}: life of a connection in ms", 1000 * (attack.HandshakeSeconds + 3), tally.LongestLife);
        }

        if (attack.Outcome == Outcome.Calm)
        {
            report.Check($"{attack.Name}: by GOAWAY(ENHANCE_YOUR_CALM)", tally.Calmed > 0, $"{tally.Calmed} of {tally.Ended}");
        }

        if (comparesThroughput)
        {
            await CompareAsync(attack, tally.Octets / time, calls / time, time);
        }
    }

    private async Task CompareAsync(Attack attack, long octetsPerSecond, long callsPerSecond, int time)
    {
        string rate = Math.Clamp(octetsPerSecond, 1, int.MaxValue).ToString(CultureInfo.InvariantCulture);
        (AttackTally honest, long calls, _, _) = await MeasureAsync(attack, ["--honest=" + rate], time);
        double share = (double)callsPerSecond * time / Math.Max(1, calls);
        report.Figure($"{attack.Name}, well-formed instead", $"{honest.Octets / 1e6 / time:F2} MB/s on {honest.Connections} connections, {calls / time} calls/s beside");
        report.Check(
            string.Create(CultureInfo.InvariantCulture, $"{attack.Name}: others keep {100 * share:F0} % of that"), share >= LeastShare, "less than 80 %");
    }

    private async Task<(AttackTally Tally, long Calls, long Failed, long Growth)> MeasureAsync(Attack attack, string[] what, int time)
    {
        using ServerCertificate? certificate = attack.IsTlsExpected ? new ServerCertificate() : null;
        await using TargetProcess server = await TargetProcess.StartAsync(
            core: comparesThroughput ? ServerCore : -1, certificate: certificate, handshakeSeconds: attack.HandshakeSeconds);
        string[] flags = [$"--port={server.Port}", $"--seconds={time}", .. comparesThroughput ? [$"--core={ClientCore}", "--warm=1"] : Array.Empty<string>()];
        await using ChildProcess load = ChildProcess.Start(["load", .. flags, $"--certificate={certificate?.Path}"]);
        await load.WaitUntilReadyAsync();
        await using ChildProcess attacker = ChildProcess.Start(["attacker", "--attack=" + attack.Name, .. what, .. flags, $"--certificate-hash={certificate?.Hash}"]);
        await attacker.WaitUntilReadyAsync();
        long before = (await server.MeasureAsync()).ResidentOctets;
        server.Process.ResetPeak();
        await Task.WhenAll(load.BeginAsync(), attacker.BeginAsync());
        AttackTally tally = AttackTally.Parse(await attacker.ReadLineAsync());
        string[] counts = (await load.ReadLineAsync()).Split(' ');
        return (
            tally,
            long.Parse(counts[0], CultureInfo.InvariantCulture),
            long.Parse(counts[1], CultureInfo.InvariantCulture),
            server.Process.PeakResident() - before);
    }
}
