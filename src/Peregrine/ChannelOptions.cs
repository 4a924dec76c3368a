// SPDX-License-Identifier: Apache-2.0
namespace Peregrine;

/// <summary>The names of the settings that <see cref="ChannelOption"/> can hold.</summary>
public static class ChannelOptions
{
    /// <summary>Text: the server name to check in its certificate, also sent as <c>:authority</c>, instead of the target's (channel).</summary>
    public const string SslTargetNameOverride = "grpc.ssl_target_name_override";

    /// <summary>Text: the <c>:authority</c> to send instead of the target's (channel).</summary>
    public const string DefaultAuthority = "grpc.default_authority";

    /// <summary>Number: the longest message accepted, in bytes; -1 for no limit.</summary>
    public const string MaxReceiveMessageLength = "grpc.max_receive_message_length";

    /// <summary>Number: the longest message sent, in bytes; -1 for no limit.</summary>
    public const string MaxSendMessageLength = "grpc.max_send_message_length";

    /// <summary>Number: how many calls one connection may carry at once (server).</summary>
    public const string MaxConcurrentStreams = "grpc.max_concurrent_streams";

    /// <summary>Text: goes in front of the library's own <c>user-agent</c> (channel).</summary>
    public const string PrimaryUserAgentString = "grpc.primary_user_agent";
}
