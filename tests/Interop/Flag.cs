// SPDX-License-Identifier: Apache-2.0
namespace Interop;

/// <summary>A flag that a program takes. A default of <c>true</c> or <c>false</c> makes it a switch, which may stand without a value.</summary>
internal sealed record Flag(string Name, string Default, string Meaning)
{
    public bool IsSwitch => Default is "true" or "false";
}
