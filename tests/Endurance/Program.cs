// SPDX-License-Identifier: Apache-2.0
using Endurance;
using Endurance.Attacks;
using Endurance.Faults;
using Endurance.Idle;
using Endurance.Server;
using Endurance.Soak;

// Endurance server|idle|soak|faults|attacks|attacker|load --flag=value ...
// Exit code 0: all that was checked holds. 1: it does not. 2: the command line is wrong.
try
{
    return args switch
    {
        ["server", .. var flags] => await TargetServer.RunAsync(new Flags(flags)),
        ["idle", .. var flags] => await IdleFigures.RunAsync(new Flags(flags)),
        ["soak", .. var flags] => await SoakRun.RunAsync(new Flags(flags)),
        ["faults", .. var flags] => await FaultRun.RunAsync(new Flags(flags)),
        ["attacks", .. var flags] => await AttackRun.RunAsync(new Flags(flags)),
        ["attacker", .. var flags] => await Attacker.RunAsync(new Flags(flags)),
        ["load", .. var flags] => await HonestLoad.RunAsync(new Flags(flags)),
        _ => throw new UsageException("The first argument says what to do: server, idle, soak, faults, attacks, attacker or load."),
    };
}
catch (UsageException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
