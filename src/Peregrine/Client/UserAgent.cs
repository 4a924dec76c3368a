// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Client;

/// <summary>The value of <c>user-agent</c>: "grpc-", language, variant, version, platform (gRPC PROTOCOL-HTTP2, "User Agents").</summary>
internal static class UserAgent
{
    private static readonly string Library =
        $"grpc-csharp-peregrine/{typeof(UserAgent).Assembly.GetName().Version?.ToString(3) ?? "0"} (.NET {Environment.Version})";

    /// <summary>The library's own product, behind the application's if it names one.</summary>
    internal static string WithPrefix(string? application) =>
        string.IsNullOrWhiteSpace(application) ? Library : $"{application.Trim()} {Library}";
}
