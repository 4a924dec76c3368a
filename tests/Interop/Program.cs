// SPDX-License-Identifier: Apache-2.0
using Interop;
using Interop.Client;
using Interop.Http2;
using Interop.Server;

// gRPC's public interoperability programs in one: Interop client|server|http2-server --flag=value ...
// Exit code 0: the case passed. 1: it did not, or the server could not run. 2: the command line is wrong.
try
{
    return args switch
    {
        ["client", .. var flags] => await InteropClient.RunAsync(flags),
        ["server", .. var flags] => await InteropServer.RunAsync(flags),
        ["http2-server", .. var flags] => await NegativeHttp2Server.RunAsync(flags),
        _ => throw new UsageException("The first argument says what to be: client, server or http2-server."),
    };
}
catch (UsageException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
catch (IOException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
