// SPDX-License-Identifier: Apache-2.0
using Grpc.Testing;
using Peregrine;

namespace Interop.Client;

/// <summary>What a case asserts.</summary>
internal static class Expect
{
    public static void Equal<T>(T expected, T came, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, came))
        {
            throw new CaseFailedException($"{what}: expected {Show(expected)}, but {Show(came)} came.");
        }
    }

    /// <summary>A payload of so many bytes, all of them zero.</summary>
    public static void Zeros(int size, Payload? payload, string what)
    {
        Equal(size, payload?.Body.Length ?? 0, $"size of the {what}'s payload");
        if (payload is not null && payload.Body.Span.ContainsAnyExcept((byte)0))
        {
            throw new CaseFailedException($"{what}: expected a payload of zeros, but other bytes came.");
        }
    }

    /// <summary>A call that ends with a status.</summary>
    public static async Task<Status> FailureAsync(StatusCode code, Func<Task> call, string what)
    {
        Status status = await EndAsync(call);
        return status.StatusCode == code
            ? status
            : throw new CaseFailedException($"{what}: expected status {code}, but {status.StatusCode} came (\"{status.Detail}\").");
    }

    /// <summary>A call that does not succeed, whatever its status.</summary>
    public static async Task<Status> FailureAsync(Func<Task> call, string what)
    {
        Status status = await EndAsync(call);
        return status.StatusCode != StatusCode.OK ? status : throw new CaseFailedException($"{what}: expected a failure, but the call succeeded.");
    }

    private static async Task<Status> EndAsync(Func<Task> call)
    {
        try
        {
            await call();
            return Status.DefaultSuccess;
        }
        catch (RpcException e)
        {
            return e.Status;
        }
    }

    private static string Show<T>(T value) => value is string text ? $"\"{text}\"" : $"{value}";
}
