// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Tests.Messages;

/// <summary>The descriptor of sample.proto, made with <c>protoc --descriptor_set_out</c> 35.1 and taken out of the set.</summary>
internal static class SampleSerialized
{
    private const string Base64 =
        "CgxzYW1wbGUucHJvdG8SD3BlcmVncmluZS50ZXN0cxoeZ29vZ2xlL3Byb3RvYnVmL3dyYXBwZXJzLnByb3RvIv4ICgZTYW1wbGUS"
        + "FQoCaWQYASABKAVCBaoBAggCUgJpZBIbCgVyYXRpbxgCIAEoAUIFqgECCAJSBXJhdGlvEhkKBG5hbWUYAyABKAlCBaoBAggCUgRu"
        + "YW1lEhcKBWNvdW50GAQgASgFOgE3UgVjb3VudBISCgRkYXRhGAUgASgMUgRkYXRhEjMKBWNvbG9yGAYgASgOMhYucGVyZWdyaW5l"
        + "LnRlc3RzLkNvbG9yQgWqAQIIAlIFY29sb3ISLAoFbGV2ZWwYByABKA4yFi5wZXJlZ3JpbmUudGVzdHMuTGV2ZWxSBWxldmVsEi0K"
        + "BWNoaWxkGAggASgLMhcucGVyZWdyaW5lLnRlc3RzLlNhbXBsZVIFY2hpbGQSOgoFcG9pbnQYCSABKAsyHS5wZXJlZ3JpbmUudGVz"
        + "dHMuU2FtcGxlLlBvaW50QgWqAQIoAlIFcG9pbnQSGAoHbnVtYmVycxgKIAMoEVIHbnVtYmVycxIbCgVsb29zZRgLIAMoBkIFqgEC"
        + "GAJSBWxvb3NlEhQKBXdvcmRzGAwgAygJUgV3b3JkcxIzCghjaGlsZHJlbhgNIAMoCzIXLnBlcmVncmluZS50ZXN0cy5TYW1wbGVS"
        + "CGNoaWxkcmVuEjwKBnBvaW50cxgOIAMoCzIdLnBlcmVncmluZS50ZXN0cy5TYW1wbGUuUG9pbnRCBaoBAigCUgZwb2ludHMSLgoG"
        + "bGV2ZWxzGA8gAygOMhYucGVyZWdyaW5lLnRlc3RzLkxldmVsUgZsZXZlbHMSOwoGY291bnRzGBAgAygLMiMucGVyZWdyaW5lLnRl"
        + "c3RzLlNhbXBsZS5Db3VudHNFbnRyeVIGY291bnRzEjgKBW5hbWVkGBEgAygLMiIucGVyZWdyaW5lLnRlc3RzLlNhbXBsZS5OYW1l"
        + "ZEVudHJ5UgVuYW1lZBIUCgR0ZXh0GBIgASgJSABSBHRleHQSFAoEc2l6ZRgTIAEoA0gAUgRzaXplEjUKBWlubmVyGBQgASgLMh0u"
        + "cGVyZWdyaW5lLnRlc3RzLlNhbXBsZS5Qb2ludEgAUgVpbm5lchIhCghyZXF1aXJlZBgVIAEoBUIFqgECCANSCHJlcXVpcmVkEiIK"
        + "BmxlZ2FjeRgWIAEoCToDb2xkQgWqAQIgA1IGbGVnYWN5EjUKB3dyYXBwZWQYFyABKAsyGy5nb29nbGUucHJvdG9idWYuSW50MzJW"
        + "YWx1ZVIHd3JhcHBlZBo5CgtDb3VudHNFbnRyeRIQCgNrZXkYASABKAlSA2tleRIUCgV2YWx1ZRgCIAEoBVIFdmFsdWU6AjgBGlEK"
        + "Ck5hbWVkRW50cnkSEAoDa2V5GAEgASgFUgNrZXkSLQoFdmFsdWUYAiABKAsyFy5wZXJlZ3JpbmUudGVzdHMuU2FtcGxlUgV2YWx1"
        + "ZToCOAEaRQoFUG9pbnQSEwoBeBgBIAEoBUIFqgECCAJSAXgSEwoBeRgCIAEoBUIFqgECCAJSAXkiEgoEQXhpcxIKCgZBWElTX1gQ"
        + "ACoFCGQQyAFCBgoEYm9keSotCgVDb2xvchIVChFDT0xPUl9VTlNQRUNJRklFRBAAEg0KCUNPTE9SX1JFRBABKiAKBUxldmVsEgcK"
        + "A0xPVxABEggKBEhJR0gQAhoEOgIQAjovCgZ3ZWlnaHQSFy5wZXJlZ3JpbmUudGVzdHMuU2FtcGxlGGQgASgFUgZ3ZWlnaHQ6LQoF"
        + "bm90ZXMSFy5wZXJlZ3JpbmUudGVzdHMuU2FtcGxlGGUgAygJUgVub3RlczpOCgZvcmlnaW4SFy5wZXJlZ3JpbmUudGVzdHMuU2Ft"
        + "cGxlGGYgASgLMh0ucGVyZWdyaW5lLnRlc3RzLlNhbXBsZS5Qb2ludFIGb3JpZ2luQiSqAiFQZXJlZ3JpbmUuUHJvdG9idWYuVGVz"
        + "dHMuTWVzc2FnZXNiCGVkaXRpb25zcOgH";

    public static ReadOnlySpan<byte> Bytes => Convert.FromBase64String(Base64);
}
