// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Contract.Annotated;
using Contract.Catalog;
using Contract.Legacy;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Contract;

/// <summary>Code that knows messages by their descriptors: mappers, loggers, validators.</summary>
public class ReflectionUsageTests
{
    // What mappers of messages to other models do.
    private static Dictionary<string, object> ToDictionary(IMessage message)
    {
        var result = new Dictionary<string, object>();
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            object value = field.Accessor.GetValue(message);
            if (field.IsMap)
            {
                foreach (DictionaryEntry entry in (IDictionary)value)
                {
                    result[$"{field.JsonName}.{entry.Key}"] = entry.Value;
                }
            }
            else if (field.IsRepeated)
            {
                var list = (IList)value;
                for (int i = 0; i < list.Count; i++)
                {
                    result[$"{field.JsonName}[{i}]"] = list[i];
                }
            }
            else
            {
                switch (field.FieldType)
                {
                    case FieldType.Message:
                    case FieldType.Group:
                        if (value is IMessage nested)
                        {
                            result[field.JsonName] = nested.Descriptor.Name;
                        }

                        break;
                    case FieldType.Enum:
                        result[field.JsonName] = field.EnumType.FindValueByNumber((int)value).Name;
                        break;
                    default:
                        if (!field.HasPresence || field.Accessor.HasValue(message))
                        {
                            result[field.JsonName] = value;
                        }

                        break;
                }
            }
        }

        return result;
    }

    [Fact]
    public void A_message_is_walked_by_its_fields()
    {
        var values = ToDictionary(new Product
        {
            Sku = "s",
            PriceInCents = 5,
            Tags = { "a", "b" },
            Stock = { ["north"] = 1 },
            Availability = Product.Types.Availability.InStock,
            Created = new Timestamp(),
            Warehouse = new Warehouse()
        });
        Assert.Equal("s", values["sku"]);
        Assert.Equal(5L, values["priceInCents"]);
        Assert.Equal("b", values["tags[1]"]);
        Assert.Equal(1, values["stock.north"]);
        Assert.Equal("AVAILABILITY_IN_STOCK", values["availability"]);
        Assert.Equal("Timestamp", values["created"]);
        Assert.Equal("Warehouse", values["warehouse"]);
        Assert.False(values.ContainsKey("subtitle"));
        Assert.False(values.ContainsKey("country"));
    }

    [Fact]
    public void Lists_of_descriptors_are_lists()
    {
        IList<FieldDescriptor> fields = Product.Descriptor.Fields.InDeclarationOrder();
        IList<MessageDescriptor> types = CatalogReflection.Descriptor.MessageTypes;
        IList<MessageDescriptor> nested = Product.Descriptor.NestedTypes;
        IList<EnumDescriptor> enums = Product.Descriptor.EnumTypes;
        IList<EnumValueDescriptor> values = enums[0].Values;
        IList<OneofDescriptor> oneofs = Product.Descriptor.Oneofs;
        IList<FieldDescriptor> members = oneofs[0].Fields;
        IList<FileDescriptor> imports = CatalogReflection.Descriptor.Dependencies;
        IList<ServiceDescriptor> services = AnnotatedReflection.Descriptor.Services;
        IList<MethodDescriptor> methods = services[0].Methods;
        IReadOnlyList<FieldDescriptor> readable = Product.Descriptor.Fields.InFieldNumberOrder();
        Assert.Equal(0, fields.IndexOf(Product.Descriptor.FindFieldByName("sku")));
        Assert.True(types.Contains(Warehouse.Descriptor));
        Assert.Equal("Review", nested.Single(type => !type.GetOptions()?.MapEntry ?? true).Name);
        Assert.Equal(3, values.Count);
        Assert.Equal(new[] { "country", "warehouse", "partner_id" }, members.Select(member => member.Name));
        Assert.Equal("google/protobuf/any.proto", imports[0].Name);
        Assert.Equal("Send", methods.Single().Name);
        Assert.Equal(fields.Count, readable.Count);
        Assert.Throws<NotSupportedException>(() => fields.Clear());
    }

    [Fact]
    public void Names_and_numbers_find_descriptors()
    {
        FileDescriptor file = CatalogReflection.Descriptor;
        Assert.Same(Product.Descriptor, file.FindTypeByName<MessageDescriptor>("Product"));
        Assert.Equal("CATEGORY_BOOK", file.FindTypeByName<EnumDescriptor>("Category").FindValueByNumber(1).Name);
        Assert.Equal(1, file.EnumTypes[0].FindValueByName("CATEGORY_BOOK").Number);
        Assert.Equal("sku", Product.Descriptor.Fields[1].Name);
        Assert.Equal(4, Product.Descriptor.Fields["weight"].FieldNumber);
        Assert.Equal("priceInCents", Product.Descriptor.FindFieldByNumber(3).JsonName);
        Assert.Same(Product.Types.Review.Descriptor, Product.Descriptor.FindDescriptor<MessageDescriptor>("Review"));
        Assert.Null(Product.Descriptor.FindFieldByName("nothing"));
        Assert.Throws<KeyNotFoundException>(() => Product.Descriptor.Fields["nothing"]);
        ServiceDescriptor service = AnnotatedReflection.Descriptor.FindTypeByName<ServiceDescriptor>("Parcels");
        Assert.Same(Parcel.Descriptor, service.FindMethodByName("Send").InputType);
        Assert.False(service.Methods[0].IsServerStreaming);
        TypeRegistry registry = TypeRegistry.FromFiles(CatalogReflection.Descriptor, AnnotatedReflection.Descriptor);
        Assert.Same(Parcel.Descriptor, registry.Find("contract.annotated.Parcel"));
    }

    [Fact]
    public void The_member_of_a_oneof_is_found()
    {
        var product = new Product { PartnerId = 7 };
        OneofDescriptor origin = Product.Descriptor.Oneofs[0];
        FieldDescriptor set = origin.Accessor.GetCaseFieldDescriptor(product);
        Assert.Equal(Product.PartnerIdFieldNumber, set.FieldNumber);
        Assert.Equal(7u, set.Accessor.GetValue(product));
        origin.Accessor.Clear(product);
        Assert.Null(origin.Accessor.GetCaseFieldDescriptor(product));
        Assert.True(Product.Descriptor.FindFieldByName("subtitle").ContainingOneof.IsSynthetic);
        Assert.Null(Product.Descriptor.FindFieldByName("subtitle").RealContainingOneof);
    }

    [Fact]
    public void Custom_options_are_read()
    {
        Storage storage = Parcel.Descriptor.GetOptions().GetExtension(AnnotatedExtensions.Storage);
        Assert.Equal("parcels", storage.Table);
        Assert.Equal(new[] { "id" }, Parcel.Descriptor.GetOption(AnnotatedExtensions.Storage).Keys);
        FieldDescriptor receiver = Parcel.Descriptor.FindFieldByName("receiver");
        Assert.Equal(Sensitivity.Private, receiver.GetOption(AnnotatedExtensions.Sensitivity));
        RepeatedField<string> aliases = receiver.GetOption(AnnotatedExtensions.Aliases);
        Assert.Equal(new[] { "addressee", "to" }, aliases);
        Assert.Equal("warehouse team", AnnotatedReflection.Descriptor.GetOption(AnnotatedExtensions.Owner));
        Assert.Equal("L", Parcel.Descriptor.EnumTypes[0].Values[1].GetOption(AnnotatedExtensions.Label));
        Assert.True(AnnotatedReflection.Descriptor.Services[0].Methods[0].GetOption(AnnotatedExtensions.RequiresLogin));
        Assert.Null(Product.Descriptor.GetOptions());
    }

    [Fact]
    public void Descriptors_are_built_from_bytes_and_give_them_back()
    {
        ByteString bytes = AnnotatedReflection.Descriptor.SerializedData;
        FileDescriptorProto proto = FileDescriptorProto.Parser.ParseFrom(CatalogReflection.Descriptor.SerializedData);
        Assert.Equal(proto, CatalogReflection.Descriptor.ToProto());
        IReadOnlyList<FileDescriptor> built = FileDescriptor.BuildFromByteStrings(
            new[] { FileDescriptor.DescriptorProtoFileDescriptor.SerializedData, bytes },
            new ExtensionRegistry { AnnotatedExtensions.Sensitivity });
        MessageDescriptor parcel = built[1].MessageTypes.Single(type => type.Name == "Parcel");
        Assert.Equal("contract.annotated.Parcel", parcel.FullName);
        Assert.Null(parcel.ClrType);
        Assert.Equal(Sensitivity.Private, parcel.FindFieldByName("receiver").GetOptions().GetExtension(AnnotatedExtensions.Sensitivity));
        Assert.Throws<DescriptorValidationException>(() => FileDescriptor.BuildFromByteStrings(new[] { bytes }));
    }

    [Fact]
    public void Comments_come_with_source_info()
    {
        FileDescriptorProto proto = CatalogReflection.Descriptor.ToProto();
        proto.Dependency.Clear();
        proto.MessageType.Clear();
        proto.MessageType.Add(Warehouse.Descriptor.ToProto());
        proto.SourceCodeInfo = new SourceCodeInfo
        {
            Location = { new SourceCodeInfo.Types.Location { Path = { 4, 0 }, Span = { 7, 0, 9, 1 }, LeadingComments = " Where goods are.\n" } }
        };
        MessageDescriptor described = FileDescriptor.BuildFromByteStrings(new[] { proto.ToByteString() })[0].MessageTypes[0];
        DescriptorDeclaration declaration = described.Declaration;
        Assert.Equal(" Where goods are.\n", declaration.LeadingComments);
        Assert.Equal("", declaration.TrailingComments);
        Assert.Empty(declaration.LeadingDetachedComments);
        Assert.Equal(new[] { 7, 0, 9, 1 }, new[] { declaration.StartLine, declaration.StartColumn, declaration.EndLine, declaration.EndColumn });
        Assert.Same(described, declaration.Descriptor);
        Assert.Null(Warehouse.Descriptor.Declaration);
    }

    [Fact]
    public void Extensions_are_listed_by_scope_and_extended_type()
    {
        ExtensionCollection extensions = LegacyReflection.Descriptor.Extensions;
        IList<FieldDescriptor> all = extensions.UnorderedExtensions;
        Assert.Equal(3, all.Count);
        IList<FieldDescriptor> ordered = extensions.GetExtensionsInNumberOrder(Order.Descriptor);
        Assert.Equal(new[] { 100, 101, 102 }, ordered.Select(extension => extension.FieldNumber));
        Assert.True(ordered[0].IsExtension);
        Assert.Same(LegacyExtensions.Priority, ordered[0].Extension);
        Assert.Same(Order.Descriptor, ordered[0].ExtendeeType);
        Assert.Empty(Order.Descriptor.Extensions.UnorderedExtensions);
    }
}
