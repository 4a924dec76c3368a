// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Endurance;

/// <summary>Prints figures and checks, a line each, and counts the checks that fail.</summary>
internal sealed class Report
{
    private int _passed;
    private int _failed;

    public void Figure(string name, FormattableString value) =>
        Console.WriteLine($"        {name}: {value.ToString(CultureInfo.InvariantCulture)}");

    public bool Check(string name, bool holds, string found = "")
    {
        Console.WriteLine(holds ? $"  ok    {name}" : $"  FAIL  {name}: {found}");
        _passed += holds ? 1 : 0;
        _failed += holds ? 0 : 1;
        return holds;
    }

    public void AtMost(string name, double bound, double found) => Check(
        string.Create(CultureInfo.InvariantCulture, $"{name}: {found:N0}, at most {bound:N0}"), found <= bound, "too much");

    /// <summary>Prints the sum; the exit code.</summary>
    public int Finish(string title)
    {
        Console.WriteLine($"{title}: {_passed} passed, {_failed} failed");
        return _failed == 0 ? 0 : 1;
    }
}
