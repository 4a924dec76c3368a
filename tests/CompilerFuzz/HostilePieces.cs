// SPDX-License-Identifier: Apache-2.0
namespace CompilerFuzz;

/// <summary>What mutations put into files: tokens, statements and options that meet the rules of the language at their edges.</summary>
internal static class HostilePieces
{
    public static readonly string[] Numbers =
    [
        "0", "1", "-1", "2", "3", "4", "5", "15", "16", "100", "999", "1000", "18999", "19000", "19999", "20000", "50000", "536870911", "536870912", "2147483646", "2147483647",
        "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "18446744073709551615", "18446744073709551616", "0x", "0x7fffffff", "0xFFFFFFFFFFFFFFFF", "0x1FFFFFFFFFFFFFFFFF", "017", "08", "00", "1e400", "1e-400", "1.5e-45",
        ".5", "1.", "1.5", "1e", "1e+", "1.2.3", "1f", "1.5f", "0x1g", "inf", "nan", "-inf", "-nan", "max", "3.4028235e38", "3.5e38", "0.1", "123456789.123456789", "1e15", "1e16",
    ];

    public static readonly string[] Strings =
    [
        "\"\"", "''", "\"a\"", "\"a\" \"b\"", "\"\\0\"", "\"\\x41\\101\"", "\"\\xff\\377\"", "\"\\u00e9\\U0001F600\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\U00110000\"", "\"\\q\"", "\"\\x\"",
        "\"\\u12\"", "\"\\400\"", "\"\\1234\"", "\"unterminated", "'\"'", "\"\\\"\"", "\"\\?\\a\\v\\f\\b\\r\\n\\t\\\\\\'\"", "\"proto2\"", "\"proto3\"", "\"2023\"", "\"2024\"", "\"[a.b]\"", "\"foo.proto\"",
        "\"google/protobuf/any.proto\"", "\"google/protobuf/descriptor.proto\"", "\"../x.proto\"", "\"a//b.proto\"", "\"\u00e9\u4e2d\"",
    ];

    public static readonly string[] Words =
    [
        "message", "enum", "service", "rpc", "returns", "stream", "extend", "extensions", "reserved", "option", "oneof", "map", "group", "optional", "required", "repeated", "import", "public",
        "weak", "package", "syntax", "edition", "export", "local", "to", "max", "default", "json_name", "true", "false", "inf", "nan", "int32", "uint32", "sint32", "fixed32", "sfixed32", "int64",
        "uint64", "sint64", "fixed64", "sfixed64", "bool", "string", "bytes", "float", "double", "features", "deprecated", "packed", "lazy", "ctype", "jstype", "allow_alias", "map_entry", "Foo",
        "foo", "_", "__", "a_b", "aB", "Foo_Bar", "FOO_BAR", "value", "key", "FooEntry", "google.protobuf.Any", ".google.protobuf.FileOptions", "google.protobuf.FieldOptions", "protobuf", "google",
        "retention", "targets", "feature_support", "edition_defaults", "uninterpreted_option", "type_url",
    ];

    public static readonly string[] Symbols = ["{", "}", "[", "]", "(", ")", "<", ">", "=", ";", ",", ".", "-", "+", "/", ":", "@", "#", "*", "\\", "/*", "*/", "//"];

    public static readonly string[] Noise = ["\0", "\u0001", "\u007f", "\uFEFF", "\r\n", "\r", "\t", "\v", "\f", "\u00a0", "\u2028", "// comment\n", "/* block */", "/* a\n * b\n */", "\n\n// detached\n\n", "/**/", "/* a *//* b */", "//\n//\n"];

    public static readonly string[] Blanks =
    [
        " ", "\n", "\t", "\r\n", "\n\n", "\n\n\n", " \n ", "\v", "\f", " // trailing\n", "// line\n", "\n// leading\n", "\n\n// detached\n\n", "// one\n// two\n", "/* block */", " /* block */ ", "\n/* leading */\n", "/* a\n * b\n   * c\n */",
        "/* a\n\n  b */", "/**/", "/***/", "/* * */", "//\n", "///\n", "// a\r\n// b\r\n", "/* a */ /* b */", "/* a */ // b\n", "// a\n/* b */\n", "\n/*\n*a\n**b\n*/\n", "// \u00e9\u4e2d\n", "//\ttab\n", "\n  // indented\n", ";",
    ];

    public static readonly string[] Headers = ["syntax = \"proto2\";", "syntax = \"proto3\";", "edition = \"2023\";", "edition = \"2024\";", "", "edition = \"UNSTABLE\";", "edition = \"99999_TEST_ONLY\";", "syntax = \"proto4\";", "edition = \"2022\";"];

    public static readonly string[] Statements =
    [
        ";", "option deprecated = true;", "option deprecated = false;", "option allow_alias = true;", "option allow_alias = false;", "option message_set_wire_format = true;", "option map_entry = true;",
        "option optimize_for = LITE_RUNTIME;", "option optimize_for = SPEED;", "option java_generic_services = true;", "option cc_generic_services = true;", "option java_multiple_files = true;",
        "option java_string_check_utf8 = true;", "option no_standard_descriptor_accessor = true;", "option idempotency_level = IDEMPOTENT;", "option deprecated_legacy_json_field_conflicts = true;",
        "option (x) = 1;", "option (x).y = 1;", "option (x) = { a: 1 };", "option (x) = { [a.b]: 1, c { d: \"e\" } f: [1, 2] g <> };", "option uninterpreted_option.name = 1;", "option features = {};", "option java_package = \"a\" \"b\";",
        "option features.field_presence = IMPLICIT;", "option features.field_presence = EXPLICIT;", "option features.field_presence = LEGACY_REQUIRED;", "option features.enum_type = CLOSED;",
        "option features.enum_type = OPEN;", "option features.repeated_field_encoding = EXPANDED;", "option features.utf8_validation = NONE;", "option features.message_encoding = DELIMITED;",
        "option features.json_format = LEGACY_BEST_EFFORT;", "option features.enforce_naming_style = STYLE2024;", "option features.enforce_naming_style = STYLE_LEGACY;",
        "option features.default_symbol_visibility = STRICT;", "option features.default_symbol_visibility = LOCAL_ALL;", "option features.default_symbol_visibility = EXPORT_ALL;",
        "option features.(pb.cpp).string_type = VIEW;", "option features.(pb.java).utf8_validation = VERIFY;", "option features.(pb.go).api_level = API_OPAQUE;",
        "option features.enum_type = ENUM_TYPE_UNKNOWN;", "option features = { field_presence: IMPLICIT enum_type: CLOSED };",
        "import \"google/protobuf/any.proto\";", "import \"google/protobuf/descriptor.proto\";", "import public \"google/protobuf/timestamp.proto\";", "import weak \"google/protobuf/duration.proto\";",
        "import option \"google/protobuf/cpp_features.proto\";", "import \"google/protobuf/cpp_features.proto\";", "import \"google/protobuf/java_features.proto\";", "import \"google/protobuf/go_features.proto\";", "import \"missing.proto\";", "import \"google/protobuf/any.proto\"; import \"google/protobuf/any.proto\";",
        "package foo;", "package foo.bar;", "package google.protobuf;", "package pb;", "reserved 1;", "reserved 1 to 5, 7, 9 to max;", "reserved -5 to -1;", "reserved \"foo\", \"bar\";", "reserved foo, bar;", "reserved 5 to 1;", "reserved \"foo bar\", \"\";",
        "extensions 1;", "extensions 4 to 6, 100 to max;", "extensions 100 to max;", "extensions 1000 to 2000 [verification = UNVERIFIED];", "extensions 1000 to 2000 [verification = DECLARATION];",
        "extensions 1000 [declaration = { number: 1000 full_name: \".foo.x\" type: \"int32\" }];", "extensions 1000 to 1001 [declaration = { number: 1000 full_name: \".x\" type: \".M\" repeated: true }, declaration = { number: 1001 reserved: true }];",
        "optional int32 f1 = 1;", "required int32 f2 = 2;", "repeated int32 f3 = 3 [packed = true];", "int32 f4 = 4;", "optional string f5 = 5 [default = \"x\\0\\377\"];", "optional bytes f6 = 6 [default = \"x\\0\\377'\\\"\"];",
        "optional float f7 = 7 [default = -1.5e10];", "optional double f8 = 8 [default = inf];", "map<string, int32> f9 = 9;", "map<int32, Foo> f10 = 10;", "repeated group G11 = 11 { optional int32 a = 1; }", "optional group g12 = 12 { }",
        "oneof o13 { int32 f13 = 13; string f14 = 14; }", "oneof o14 { }", "oneof o15 { option (x) = 1; int32 f15 = 15; }", "oneof o16 { group G16 = 16 { } }", "oneof o17 { option features.field_presence = EXPLICIT; bool f17 = 17; }",
        "optional int32 a_b = 18; optional int32 aB = 19;", "optional int32 x20 = 20 [json_name = \"y\"]; optional int32 y = 21;", "int64 f22 = 22 [jstype = JS_STRING];", "int32 f23 = 23 [jstype = JS_STRING];",
        "string f24 = 24 [ctype = CORD];", "repeated string f25 = 25 [packed = true];", "Foo f26 = 26 [lazy = true];", "int32 f27 = 27 [lazy = true];", "Foo f28 = 28 [unverified_lazy = true];", "string f29 = 29 [features.utf8_validation = NONE];",
        "int32 f30 = 30 [features.utf8_validation = NONE];", "repeated int32 f31 = 31 [features.repeated_field_encoding = EXPANDED];", "int32 f32 = 32 [features.field_presence = LEGACY_REQUIRED];", "int32 f33 = 33 [features.field_presence = IMPLICIT, default = 1];",
        "Foo f34 = 34 [features.message_encoding = DELIMITED];", "bool f35 = 35 [debug_redact = true];", "int32 f36 = 36 [retention = RETENTION_SOURCE, targets = TARGET_TYPE_FILE, targets = TARGET_TYPE_FIELD];", "int32 f37 = 37 [deprecated = true, deprecated = false];",
        "int32 f38 = 38 [feature_support = { edition_introduced: EDITION_2023 edition_deprecated: EDITION_2024 deprecation_warning: \"w\" }];", "int32 f39 = 39 [edition_defaults = { edition: EDITION_PROTO2 value: \"1\" }];",
        "enum E40 { A40 = 0; B40 = 1; }", "enum E41 { A41 = 1; }", "enum E42 { option allow_alias = true; A42 = 0; B42 = 0; }", "enum E43 { A43 = 0; B43 = 0; }", "enum E44 { A44 = 0; reserved -1, 1 to max, 3; reserved \"B\"; }", "enum E45 { }", "enum E46 { E46_A = 0; A = 1; }",
        "enum E47 { option features.enum_type = CLOSED; A47 = 1; } ", "export enum E48 { A48 = 0; }", "local message M49 { }", "export message M50 { message N { } enum E { Z = 0; } }", "local enum E51 { A51 = 0; }",
        "message M52 { }", "message M53 { message M53 { M53 a = 1; } }", "message M54 { optional M54 a = 1; extensions 4 to max; extend M54 { optional int32 b = 4; } }", "message M55 { option message_set_wire_format = true; extensions 4 to max; extend M55 { optional M55 b = 536870912; } }",
        "extend Foo { optional int32 e56 = 100; }", "extend google.protobuf.FieldOptions { optional int32 e57 = 50057; }", "extend google.protobuf.MessageOptions { repeated string e58 = 50058; }", "extend google.protobuf.FileOptions { optional int32 e59 = 50059 [retention = RETENTION_SOURCE]; }",
        "extend Foo { }", "extend Foo { repeated group G60 = 1000 { optional int32 a = 1; } }", "extend google.protobuf.FeatureSet { optional Foo e61 = 9990; }", "service S62 { rpc A(Foo) returns (Foo); rpc B(stream Foo) returns (stream Foo) { option deprecated = true; } }",
        "service S63 { option deprecated = true; rpc C(Foo) returns (int32); }", "rpc D(Foo) returns (Foo) { option idempotency_level = NO_SIDE_EFFECTS; }", "rpc E(.Foo) returns (stream .Foo) { }", "service S64 { rpc F(google.protobuf.Any) returns (google.protobuf.Any) {} }",
        "VALUE_65 = 65;", "VALUE_66 = -1 [deprecated = true];", "VALUE_67 = 0x7FFFFFFF [(x) = 1];", "VALUE_68 = 68 [features.enum_type = OPEN];", "google.protobuf.Any f69 = 69;", "optional .google.protobuf.Timestamp f70 = 70;", "stream f71 = 71;",
    ];

    public static readonly string[] Brackets =
    [
        "[deprecated = true]", "[default = 1]", "[default = \"x\"]", "[default = FOO]", "[default = true]", "[json_name = \"x\"]", "[packed = true]", "[packed = false]", "[lazy = true]", "[ctype = STRING_PIECE]", "[jstype = JS_NUMBER]", "[(x) = 1]", "[(x).y.(z) = { a: 1 }]",
        "[features.field_presence = IMPLICIT]", "[features.field_presence = EXPLICIT]", "[features.field_presence = LEGACY_REQUIRED]", "[features.enum_type = CLOSED]", "[features.repeated_field_encoding = PACKED]", "[features.utf8_validation = VERIFY]",
        "[features.message_encoding = LENGTH_PREFIXED]", "[features.message_encoding = DELIMITED]", "[features.json_format = ALLOW]", "[features.enforce_naming_style = STYLE_LEGACY]", "[features = { }]", "[]", "[deprecated = true, ]", "[weak = true]", "[debug_redact = true]", "[retention = RETENTION_SOURCE]", "[targets = TARGET_TYPE_ENUM]",
        "[verification = UNVERIFIED]", "[declaration = { number: 4 reserved: true }]", "[features.(pb.cpp).legacy_closed_enum = true]", "[features.(pb.java).large_enum = true]", "[uninterpreted_option = {}]", "[deprecated]", "[deprecated = 1]", "[default = -inf]", "[default = 0x10]", "[default = -0]", "[default = 1.5]",
    ];
}
