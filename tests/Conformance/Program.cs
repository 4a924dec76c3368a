// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Conformance;
using Peregrine.Conformance;
using Peregrine.Protobuf;

// --dynamic   works with descriptors only: every message is a DynamicMessage.
// The runner talks over stdin and stdout: a length of four bytes, little-endian, and a request or response of that many bytes.
using Stream input = Console.OpenStandardInput();
using Stream output = Console.OpenStandardOutput();
Testee testee = new(isDynamic: args.Contains("--dynamic"));
byte[] prefix = new byte[sizeof(int)];
while (input.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) == prefix.Length)
{
    byte[] request = new byte[BinaryPrimitives.ReadInt32LittleEndian(prefix)];
    input.ReadExactly(request);
    byte[] response = testee.Answer(ConformanceRequest.Parser.ParseFrom(request)).ToByteArray();
    BinaryPrimitives.WriteInt32LittleEndian(prefix, response.Length);
    output.Write(prefix);
    output.Write(response);
    output.Flush();
}
