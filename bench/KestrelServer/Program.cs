// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Bench.Calls;
using GrpcStudy;
using KestrelServer;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

// usage: KestrelServer PORT [control=1] [tls=FOLDER] [interceptor=1] [gzip=1]
// Hand-written gRPC handlers on Kestrel: the cheapest calls that this stack allows with the same message types.
Flags flags = new(args[1..]);
string tls = flags.Text("tls");
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseKestrelHttpsConfiguration();
builder.WebHost.ConfigureKestrel(options =>
{
    options.Limits.Http2.MaxStreamsPerConnection = 1000;
    options.Limits.MaxRequestBodySize = null;
    options.Listen(IPAddress.Loopback, int.Parse(args[0], CultureInfo.InvariantCulture), listen =>
    {
        listen.Protocols = HttpProtocols.Http2;
        if (tls.Length > 0)
        {
            listen.UseHttps(X509Certificate2.CreateFromPemFile(Path.Combine(tls, "certificate.pem"), Path.Combine(tls, "key.pem")));
        }
    });
});
WebApplication app = builder.Build();
if (flags.Has("interceptor"))
{
    app.UseMiddleware<CountingMiddleware>();
}

EchoEndpoints echo = new(flags.Has("gzip"));
app.Run(context => context.Request.Path.Value switch
{
    "/SayHello/SayHello" => GreetAsync(context),
    "/bench.Echo/Unary" => echo.UnaryAsync(context),
    "/bench.Echo/Download" => echo.DownloadAsync(context),
    "/bench.Echo/Upload" => echo.UploadAsync(context),
    "/bench.Echo/PingPong" => echo.PingPongAsync(context),
    _ => NotFoundAsync(context),
});
if (flags.Has("control"))
{
    await app.StartAsync();
    ServerControl.Serve(new Uri(app.Urls.First()).Port);
    await app.StopAsync();
}
else
{
    await app.RunAsync();
}

static async Task GreetAsync(HttpContext context)
{
    RequestReader<HelloReq> requests = new(context.Request.BodyReader, HelloReq.Parser);
    HelloReq request = await requests.ReadAsync() ?? throw new InvalidDataException("the request ends inside its message");
    HelloRes reply = new() { ResMessage = "Message send by SayHello server :Hello " + request.MessageName };

    context.Response.ContentType = "application/grpc";
    MessageFrame.Write(context.Response.BodyWriter, reply, gzip: false);
    await context.Response.BodyWriter.FlushAsync();
    context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers["grpc-status"] = "0";
}

static Task NotFoundAsync(HttpContext context)
{
    context.Response.StatusCode = StatusCodes.Status404NotFound;
    return Task.CompletedTask;
}
