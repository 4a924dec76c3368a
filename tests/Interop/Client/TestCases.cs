// SPDX-License-Identifier: Apache-2.0
namespace Interop.Client;

/// <summary>The cases by their public names.</summary>
internal static class TestCases
{
    private static readonly SortedDictionary<string, Func<InteropTarget, Task>> ByName = new(StringComparer.Ordinal)
    {
        ["empty_unary"] = UnaryCases.EmptyUnaryAsync,
        ["large_unary"] = UnaryCases.LargeUnaryAsync,
        ["client_streaming"] = StreamingCases.ClientStreamingAsync,
        ["server_streaming"] = StreamingCases.ServerStreamingAsync,
        ["ping_pong"] = StreamingCases.PingPongAsync,
        ["empty_stream"] = StreamingCases.EmptyStreamAsync,
        ["cancel_after_begin"] = CancellationCases.CancelAfterBeginAsync,
        ["cancel_after_first_response"] = CancellationCases.CancelAfterFirstResponseAsync,
        ["timeout_on_sleeping_server"] = CancellationCases.TimeoutOnSleepingServerAsync,
        ["custom_metadata"] = MetadataCases.CustomMetadataAsync,
        ["status_code_and_message"] = StatusCases.StatusCodeAndMessageAsync,
        ["special_status_message"] = StatusCases.SpecialStatusMessageAsync,
        ["unimplemented_method"] = StatusCases.UnimplementedMethodAsync,
        ["unimplemented_service"] = StatusCases.UnimplementedServiceAsync,
        ["client_compressed_unary"] = CompressionCases.ClientCompressedUnaryAsync,
        ["server_compressed_unary"] = CompressionCases.ServerCompressedUnaryAsync,
        ["client_compressed_streaming"] = CompressionCases.ClientCompressedStreamingAsync,
        ["server_compressed_streaming"] = CompressionCases.ServerCompressedStreamingAsync,
        ["per_rpc_creds"] = CredentialsCases.PerRpcCredsAsync,
        ["rpc_soak"] = SoakCases.RpcSoakAsync,
        ["channel_soak"] = SoakCases.ChannelSoakAsync,
        ["goaway"] = NegativeHttp2Cases.GoAwayAsync,
        ["rst_after_header"] = NegativeHttp2Cases.ResetAsync,
        ["rst_during_data"] = NegativeHttp2Cases.ResetAsync,
        ["rst_after_data"] = NegativeHttp2Cases.ResetAsync,
        ["ping"] = UnaryCases.LargeUnaryAsync,
        ["max_streams"] = NegativeHttp2Cases.MaxStreamsAsync,
        ["data_frame_padding"] = UnaryCases.LargeUnaryAsync,
        ["keepalive_default"] = KeepAliveCases.DefaultAsync,
        ["keepalive_too_often"] = KeepAliveCases.TooOftenAsync,
    };

    /// <exception cref="UsageException">There is no such case.</exception>
    public static Func<InteropTarget, Task> Find(string name) => ByName.TryGetValue(name, out Func<InteropTarget, Task>? run)
        ? run
        : throw new UsageException($"\"{name}\" is no test case. Known are: {string.Join(", ", ByName.Keys)}.");
}
