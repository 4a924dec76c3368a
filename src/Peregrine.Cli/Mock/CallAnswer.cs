// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Peregrine.Cli.Mock;

/// <summary>One call of a mocked method, of any kind: on the wire each is a stream both ways.</summary>
internal sealed class CallAnswer
{
    private static readonly DelayRange BeforeFault = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50));

    private readonly MockMethod _method;
    private readonly IAsyncStreamReader<byte[]> _requests;
    private readonly IServerStreamWriter<byte[]> _responses;
    private readonly ServerCallContext _context;
    private readonly CallRecord _record;
    private readonly ServeOutput _output;
    private readonly AnswerScope _scope;
    private readonly Random _random;
    private readonly TimeProvider _time;
    private bool _hasHeaders;

    /// <summary>Makes one.</summary>
    /// <param name="method">The method.</param>
    /// <param name="requests">What the client sends.</param>
    /// <param name="responses">What it gets.</param>
    /// <param name="context">The call.</param>
    /// <param name="record">Takes what is told of it.</param>
    /// <param name="output">Shows messages.</param>
    /// <param name="random">Chance.</param>
    /// <param name="time">The clock of delays.</param>
    public CallAnswer(
        MockMethod method, IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context, CallRecord record,
        ServeOutput output, Random random, TimeProvider time)
    {
        (_method, _requests, _responses, _context, _record, _output, _random, _time) = (method, requests, responses, context, record, output, random, time);
        _scope = new AnswerScope(method.Types, context.RequestHeaders, method.NeedsAllRequests, time);
    }

    /// <summary>The life of the call.</summary>
    /// <exception cref="RpcException">It ends with another status than OK.</exception>
    public async Task RunAsync()
    {
        while (await _requests.MoveNext(_context.CancellationToken).ConfigureAwait(false))
        {
            var request = _method.ReadRequest(_requests.Current);
            _scope.Add(request);
            _record.Requests++;
            _output.Request(_record, _method, request);
            if (!_method.Descriptor.IsClientStreaming)
            {
                _ = await ApplyAsync(Take(RulePhase.Last)).ConfigureAwait(false);
                return;
            }

            var rule = Take(RulePhase.Each, RulePhase.First);
            if ((rule is not null || _method.AnswersEachRequest) && await ApplyAsync(rule).ConfigureAwait(false))
            {
                return;
            }
        }

        if (!_method.Descriptor.IsClientStreaming)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The call had no request, and {_method.Name} has one."));
        }

        // A stream that has had responses needs none at its end.
        if (Take(RulePhase.Last) is var last && (last is not null || !_method.Descriptor.IsServerStreaming || (!_method.AnswersEachRequest && _scope.ResponseCount == 0)))
        {
            _ = await ApplyAsync(last).ConfigureAwait(false);
        }
    }

    private AnswerRule? Take(RulePhase phase, RulePhase? ofFirst = null)
    {
        foreach (var rule in _method.Rules)
        {
            if ((rule.Phase == phase || (rule.Phase == ofFirst && _scope.RequestCount == 1)) && rule.TryTake(_scope, _random))
            {
                if (!_record.Rules.Contains(rule.Place))
                {
                    _record.Rules.Add(rule.Place);
                }

                return rule;
            }
        }

        return null;
    }

    // True: the call has ended.
    private async Task<bool> ApplyAsync(AnswerRule? rule)
    {
        if (rule is null)
        {
            await SendAsync(_method.AnswerWithoutRule(_scope.Request)).ConfigureAwait(false);
            return !_method.AnswersEachRequest;
        }

        _record.Fault = rule.Fault?.Kind ?? _record.Fault;
        await WaitAsync(rule.Delay).ConfigureAwait(false);
        if (rule.Headers.Count > 0 && !_hasHeaders)
        {
            _hasHeaders = true;
            await _context.WriteResponseHeadersAsync(Render(rule.Headers)).ConfigureAwait(false);
        }

        var sent = await ReplyAsync(rule).ConfigureAwait(false);
        if (rule.Fault is { IsOfMessage: false } fault)
        {
            if (sent > 0)
            {
                // A reset takes with it what has not left yet, and nothing tells when it has.
                await WaitAsync(rule.Interval.Most > TimeSpan.Zero ? rule.Interval : BeforeFault).ConfigureAwait(false);
            }

            await fault.HappenAsync(_context).ConfigureAwait(false);
        }

        foreach (var trailer in Render(rule.Trailers))
        {
            _context.ResponseTrailers.Add(trailer);
        }

        return rule.Status is { Code: not StatusCode.OK } status ? throw status.ToException(_scope) : rule.EndsCall;
    }

    // Gives the number of responses.
    private async Task<int> ReplyAsync(AnswerRule rule)
    {
        // A status takes the place of the response that a rule without reply would have.
        var perRound = rule.Reply?.Count ?? (rule.Status is { Code: not StatusCode.OK } ? 0 : 1);
        var sent = 0;
        for (var round = 0; perRound > 0 && (rule.Repeat is null || round < rule.Repeat); round++)
        {
            if (rule.Repeat is null)
            {
                // A stream without end and pauses leaves the thread to others now and then.
                await Task.Yield();
            }

            for (var i = 0; i < perRound; i++, sent++)
            {
                if (rule.Fault is { IsOfMessage: false } fault && sent >= fault.After)
                {
                    return sent;
                }

                if (sent > 0)
                {
                    await WaitAsync(rule.Interval).ConfigureAwait(false);
                }

                var message = rule.Reply is { } reply ? reply[i].Render(_scope) : _method.AnswerWithoutRule(_scope.Request);
                await SendAsync(rule.Fault is { IsOfMessage: true } spoiled && spoiled.After == sent ? spoiled.Spoil(message) : message).ConfigureAwait(false);
            }
        }

        return sent;
    }

    private async Task SendAsync(byte[] message)
    {
        // What has no end and no pause ends with its client all the same.
        _context.CancellationToken.ThrowIfCancellationRequested();
        await _responses.WriteAsync(message, _context.CancellationToken).ConfigureAwait(false);
        _record.Responses++;
        _scope.ResponseCount++;
        _output.Response(_record, _method, message);
    }

    private Task WaitAsync(DelayRange range) =>
        range.Choose(_random) is var delay && delay > TimeSpan.Zero ? Task.Delay(delay, _time, _context.CancellationToken) : Task.CompletedTask;

    private Metadata Render(IReadOnlyList<RuleMetadata> entries)
    {
        var metadata = new Metadata();
        foreach (var entry in entries)
        {
            metadata.Add(entry.Render(_scope));
        }

        return metadata;
    }
}
