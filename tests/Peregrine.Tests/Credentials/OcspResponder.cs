// SPDX-License-Identifier: Apache-2.0

using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Peregrine.Tests.Credentials;

/// <summary>An OCSP responder (RFC 6960) on this machine, in the name of an authority. Says the same of all certificates.</summary>
internal sealed class OcspResponder : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TestCertificates _authority;

    public OcspResponder(TestCertificates authority)
    {
        _authority = authority;
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = AcceptAsync();
    }

    /// <summary>What stands in certificates.</summary>
    public string Address { get; }

    /// <summary>Whether certificates are revoked.</summary>
    public bool Revokes { get; set; }

    /// <summary>What was asked for.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    // A GET request has the question in its path (RFC 6960 appendix A.1).
    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var line = await reader.ReadLineAsync() ?? "";
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
        }

        Requests.Enqueue(line);
        var body = Respond(Convert.FromBase64String(Uri.UnescapeDataString(line.Split(' ')[1].TrimStart('/'))));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"));
        await stream.WriteAsync(body);
    }

    private byte[] Respond(byte[] request)
    {
        var contents = ResponseData(CertificateOf(request));
        var basic = new AsnWriter(AsnEncodingRules.DER);
        using (basic.PushSequence())
        {
            basic.WriteEncodedValue(contents);
            using (basic.PushSequence())
            {
                basic.WriteObjectIdentifier("1.2.840.10045.4.3.2");
            }

            basic.WriteBitString(_authority.Sign(contents));
        }

        var response = new AsnWriter(AsnEncodingRules.DER);
        using (response.PushSequence())
        {
            response.WriteEnumeratedValue(Outcome.Successful);
            using (response.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (response.PushSequence())
            {
                response.WriteObjectIdentifier("1.3.6.1.5.5.7.48.1.1");
                response.WriteOctetString(basic.Encode());
            }
        }

        return response.Encode();
    }

    // OCSPRequest ::= SEQUENCE { tbsRequest SEQUENCE { requestList SEQUENCE OF SEQUENCE { reqCert CertID ... } ... } ... }
    private static ReadOnlyMemory<byte> CertificateOf(byte[] request)
    {
        var contents = new AsnReader(request, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        while (contents.PeekTag().TagClass == TagClass.ContextSpecific)
        {
            contents.ReadEncodedValue();
        }

        return contents.ReadSequence().ReadSequence().ReadEncodedValue();
    }

    private byte[] ResponseData(ReadOnlyMemory<byte> certificate)
    {
        var now = DateTimeOffset.UtcNow;
        var data = new AsnWriter(AsnEncodingRules.DER);
        using (data.PushSequence())
        {
            using (data.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
            {
                data.WriteEncodedValue(_authority.Authority.SubjectName.RawData);
            }

            data.WriteGeneralizedTime(now, omitFractionalSeconds: true);
            using (data.PushSequence())
            using (data.PushSequence())
            {
                data.WriteEncodedValue(certificate.Span);
                if (Revokes)
                {
                    using (data.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
                    {
                        data.WriteGeneralizedTime(now.AddHours(-1), omitFractionalSeconds: true);
                    }
                }
                else
                {
                    data.WriteNull(new Asn1Tag(TagClass.ContextSpecific, 0));
                }

                data.WriteGeneralizedTime(now.AddHours(-1), omitFractionalSeconds: true);
                using (data.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                {
                    data.WriteGeneralizedTime(now.AddHours(1), omitFractionalSeconds: true);
                }
            }
        }

        return data.Encode();
    }

    private enum Outcome
    {
        Successful,
    }
}
