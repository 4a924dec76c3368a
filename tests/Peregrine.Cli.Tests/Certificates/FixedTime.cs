// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Tests.Certificates;

/// <summary>A clock that is some time ahead of now; certificates are made with the real one.</summary>
internal sealed class FixedTime(TimeSpan ahead) : TimeProvider
{
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow + ahead;

    public override DateTimeOffset GetUtcNow() => _now;
}
