// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Protocol;

namespace Peregrine.Tests.Protocol;

public class GrpcTimeoutTests
{
    [Theory]
    [InlineData(1, "100n")] // one tick
    [InlineData(999_999, "99999900n")]
    [InlineData(1_000_000, "100000u")]
    [InlineData(10_000_000, "1000000u")] // one second
    [InlineData(999_999_990, "99999999u")]
    [InlineData(999_999_991, "100000m")] // 99,999,999.1 us no longer fit, rounded up
    [InlineData(10_000_001L * 10_000, "10000001m")]
    [InlineData(long.MaxValue, "99999999H")]
    public void Timeout_is_written_in_the_finest_unit_that_fits_eight_digits_rounded_up(long ticks, string expected) =>
        Assert.Equal(expected, Encode(TimeSpan.FromTicks(ticks)));

    [Fact]
    public void An_expired_timeout_is_never_written()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Encode(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => Encode(TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public void A_written_timeout_is_read_as_at_least_itself_and_never_as_zero()
    {
        var random = new Random(17);
        for (int i = 0; i < 10_000; i++)
        {
            var timeout = TimeSpan.FromTicks(random.NextInt64(1, 1L << random.Next(1, 60)));
            Assert.True(GrpcTimeout.TryDecode(Encoding.ASCII.GetBytes(Encode(timeout)), out TimeSpan read));
            Assert.True(read >= timeout, $"{timeout} became {read}");
            Assert.True(read.TotalSeconds <= (timeout.TotalSeconds * 1.0001) + 0.000001, $"{timeout} became {read}");
        }
    }

    [Theory]
    [InlineData("1n", 1L)] // below a tick: rounded up, not to zero
    [InlineData("100n", 1L)]
    [InlineData("101n", 2L)]
    [InlineData("1u", 10L)]
    [InlineData("1m", 10_000L)]
    [InlineData("1S", 10_000_000L)]
    [InlineData("1M", 600_000_000L)]
    [InlineData("1H", 36_000_000_000L)]
    [InlineData("00000001S", 10_000_000L)]
    [InlineData("0S", 0L)]
    [InlineData("99999999H", 99_999_999L * 36_000_000_000L)]
    public void Timeout_is_read_in_every_unit(string text, long ticks)
    {
        Assert.True(GrpcTimeout.TryDecode(Encoding.ASCII.GetBytes(text), out TimeSpan timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("123456789S")] // nine digits
    [InlineData("-1S")]
    [InlineData("+1S")]
    [InlineData(" 1S")]
    [InlineData("1 S")]
    [InlineData("1s")]
    [InlineData("1h")]
    [InlineData("1.5S")]
    public void A_malformed_timeout_is_refused(string text) =>
        Assert.False(GrpcTimeout.TryDecode(Encoding.ASCII.GetBytes(text), out _));

    private static string Encode(TimeSpan timeout)
    {
        Span<byte> buffer = stackalloc byte[GrpcTimeout.MaxLength];
        return Encoding.ASCII.GetString(buffer[..GrpcTimeout.Encode(timeout, buffer)]);
    }
}
