// SPDX-License-Identifier: Apache-2.0
namespace Interop.Client;

/// <summary>What <c>Interop client</c> can be told: the public flags, and ours at the end.</summary>
internal static class ClientFlags
{
    public static readonly IReadOnlyList<Flag> All =
    [
        new("server_host", "localhost", "The server's host."),
        new("server_host_override", "", "The host to claim to call: in TLS and in :authority. With the test CA foo.test.google.fr by default."),
        new("server_port", "8080", "The server's port."),
        new("test_case", "large_unary", "The case to run."),
        new("use_tls", "false", "Whether the connection is encrypted."),
        new("use_test_ca", "false", "Whether the file of --ca_file is trusted in place of the system's roots."),
        new("default_service_account", "", "per_rpc_creds: the name that the server shall know the caller by; without it any name will do."),
        new("soak_iterations", "10", "rpc_soak and channel_soak: how many calls to make."),
        new("soak_max_failures", "0", "How many of these calls may fail or be too slow."),
        new("soak_per_iteration_max_acceptable_latency_ms", "1000", "How long one call may take."),
        new("soak_overall_timeout_seconds", "10", "When to give up, though not all calls were made."),
        new("soak_min_time_ms_between_rpcs", "0", "The least time from the start of one call to the start of the next."),
        new("soak_request_size", "271828", "The payload of a request, in bytes."),
        new("soak_response_size", "314159", "The payload of a response, in bytes."),
        new("soak_num_threads", "1", "How many sequences of calls run beside each other; the calls are divided among them."),
        new("ca_file", "", "The certificates that --use_test_ca trusts, PEM."),
        new("stub_token", "", "per_rpc_creds: the bearer token to send, in place of one that an authority signs."),
        new("clock_port", "8081", "keepalive_default and keepalive_too_often: the port of the server's clock."),
        new("case_timeout_seconds", "60", "When a case counts as hanging; does not apply to the soak cases."),
    ];
}
