// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Certificates;

/// <summary>One question to an endpoint and its answer.</summary>
/// <param name="Question">What was looked at: <c>tls</c>, <c>alpn</c>, <c>chain</c>, <c>name</c>, <c>time</c>, <c>key</c>, <c>http2</c>.</param>
/// <param name="IsGood">Whether it is as clients need it.</param>
/// <param name="Answer">What was found; for what is not good, also what to do.</param>
internal sealed record EndpointFinding(string Question, bool IsGood, string Answer);
