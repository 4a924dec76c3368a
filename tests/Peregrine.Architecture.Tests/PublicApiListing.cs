// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Peregrine.Architecture.Tests;

/// <summary>
/// Writes what an assembly shows to its users, one line a member, sorted: a change of the public surface becomes a line of a diff.
/// Left out: members that come with the kind of type (of enums and delegates) and what a base type already lists.
/// </summary>
internal static class PublicApiListing
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetTypes().Where(IsVisible).OrderBy(Name, StringComparer.Ordinal))
        {
            text.Append(Declaration(type)).Append('\n');
            foreach (string member in Members(type).Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield return Signature(type.GetMethod("Invoke")!);
            yield break;
        }

        if (type.IsEnum)
        {
            foreach (FieldInfo value in type.GetFields(BindingFlags.Public | BindingFlags.Static))
            {
                yield return $"{value.Name} = {Convert.ToString(value.GetRawConstantValue(), CultureInfo.InvariantCulture)}";
            }

            yield break;
        }

        foreach (ConstructorInfo constructor in type.GetConstructors(Declared).Where(c => !c.IsStatic && IsVisible(c)))
        {
            yield return $"{Modifiers(constructor)}.ctor({Parameters(constructor)})";
        }

        foreach (FieldInfo field in type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly))
        {
            string kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
            string value = field.IsLiteral
                ? $" = {Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}"
                : "";
            yield return $"{(field.IsPublic ? "" : "protected ")}{kind}{Name(field.FieldType)}{Mark(() => Nullability.Create(field).ReadState)} {field.Name}{value}";
        }

        foreach (PropertyInfo property in type.GetProperties(Declared))
        {
            MethodInfo? get = property.GetMethod is { } g && IsVisible(g) ? g : null;
            MethodInfo? set = property.SetMethod is { } s && IsVisible(s) ? s : null;
            if ((get ?? set) is { } accessor)
            {
                string indexer = string.Join(", ", property.GetIndexParameters().Select(Parameter));
                string setter = set is null ? "" : IsInit(set) ? " init;" : get is not null && get.IsPublic && !set.IsPublic ? " protected set;" : " set;";
                yield return $"{Modifiers(accessor)}{Name(property.PropertyType)}{Mark(() => Nullability.Create(property).ReadState)} {property.Name}"
                    + $"{(indexer.Length == 0 ? "" : $"[{indexer}]")} {{{(get is null ? "" : " get;")}{setter} }}";
            }
        }

        foreach (EventInfo happening in type.GetEvents(Declared).Where(e => e.AddMethod is { } add && IsVisible(add)))
        {
            yield return $"{Modifiers(happening.AddMethod!)}event {Name(happening.EventHandlerType!)} {happening.Name}";
        }

        foreach (MethodInfo method in type.GetMethods(Declared).Where(m => IsVisible(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal))))
        {
            yield return Modifiers(method) + Signature(method);
        }
    }

    private static string Declaration(Type type)
    {
        string kind = type.IsEnum ? "enum"
            : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
            : type.IsInterface ? "interface"
            : type.IsValueType ? (type.IsByRefLike ? "ref struct" : "struct")
            : type.IsAbstract && type.IsSealed ? "static class"
            : type.IsAbstract ? "abstract class"
            : type.IsSealed ? "sealed class"
            : "class";
        if (type.IsEnum || kind == "delegate")
        {
            return $"{kind} {Name(type)}";
        }

        IEnumerable<Type> inherited = type.GetInterfaces().SelectMany(i => i.GetInterfaces());
        if (type.BaseType is { } parent)
        {
            inherited = inherited.Concat(parent.GetInterfaces());
        }

        IEnumerable<string> bases = type.GetInterfaces().Where(i => IsVisible(i)).Except(inherited).Select(Name).Order(StringComparer.Ordinal);
        if (type.BaseType is { } baseType && baseType != typeof(object) && baseType != typeof(ValueType))
        {
            bases = bases.Prepend(Name(baseType));
        }

        string list = string.Join(", ", bases);
        return $"{kind} {Name(type)}{(list.Length == 0 ? "" : $" : {list}")}{Constraints(type.GetGenericArguments())}";
    }

    private static string Signature(MethodInfo method)
    {
        Type[] arguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        string generic = arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(Name))}>";
        return $"{Name(method.ReturnType)}{Mark(() => Nullability.Create(method.ReturnParameter).ReadState)} {method.Name}{generic}"
            + $"({Parameters(method)}){Constraints(arguments)}";
    }

    private static string Parameters(MethodBase method)
    {
        string extension = method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute), false) ? "this " : "";
        return extension + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        string direction = !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        string many = parameter.IsDefined(typeof(ParamArrayAttribute), false) ? "params " : "";
        string fallback = !parameter.HasDefaultValue ? ""
            : parameter.RawDefaultValue switch
            {
                null => parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? " = default" : " = null",
                string s => $" = \"{s}\"",
                bool b => b ? " = true" : " = false",
                var other => $" = {Convert.ToString(other, CultureInfo.InvariantCulture)}",
            };
        return $"{many}{direction}{Name(parameter.ParameterType)}{Mark(() => Nullability.Create(parameter).WriteState)} {parameter.Name}{fallback}";
    }

    private static string Constraints(Type[] arguments)
    {
        var all = new StringBuilder();
        foreach (Type argument in arguments.Where(a => a.IsGenericParameter))
        {
            List<string> constraints = [];
            GenericParameterAttributes attributes = argument.GenericParameterAttributes;
            bool isStruct = attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
            if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            {
                constraints.Add("class");
            }

            if (isStruct)
            {
                constraints.Add("struct");
            }

            constraints.AddRange(argument.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(Name).Order(StringComparer.Ordinal));
            if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct)
            {
                constraints.Add("new()");
            }

            if (constraints.Count > 0)
            {
                all.Append(CultureInfo.InvariantCulture, $" where {argument.Name} : {string.Join(", ", constraints)}");
            }
        }

        return all.ToString();
    }

    private static string Modifiers(MethodBase method)
    {
        string access = method.IsPublic ? "" : "protected ";
        if (method.DeclaringType!.IsInterface)
        {
            return method.IsStatic ? (method.IsAbstract ? "static abstract " : "static ") : method.IsAbstract ? "" : "virtual ";
        }

        bool isOverride = method is MethodInfo info && info.GetBaseDefinition() != info;
        return access + (method.IsStatic ? "static "
            : method.IsAbstract ? (isOverride ? "abstract override " : "abstract ")
            : isOverride ? (method.IsFinal ? "sealed override " : "override ")
            : method.IsVirtual && !method.IsFinal ? "virtual "
            : "");
    }

    // What reads the compiler's nullable marks: "?" where null may be.
    private static string Mark(Func<NullabilityState> state)
    {
        try
        {
            return state() == NullabilityState.Nullable ? "?" : "";
        }
        catch (NotSupportedException)
        {
            return ""; // pointers and by-ref-like generics carry none
        }
    }

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[]";
        }

        if (type.IsGenericParameter)
        {
            GenericParameterAttributes variance = type.GenericParameterAttributes & GenericParameterAttributes.VarianceMask;
            return variance == GenericParameterAttributes.Covariant && type.DeclaringMethod is null ? $"out {type.Name}"
                : variance == GenericParameterAttributes.Contravariant && type.DeclaringMethod is null ? $"in {type.Name}"
                : type.Name;
        }

        // The mark of a nullable value type is added by the caller, as for references.
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying);
        }

        Type[] arguments = type.GetGenericArguments();
        string name = type.DeclaringType is { } outer && !type.IsGenericParameter
            ? $"{OuterName(outer, arguments)}.{Bare(type)}"
            : $"{type.Namespace}.{Bare(type)}";
        int own = arguments.Length - (type.DeclaringType?.GetGenericArguments().Length ?? 0);
        return own == 0 ? name : $"{name}<{string.Join(", ", arguments[^own..].Select(Name))}>";
    }

    private static string OuterName(Type outer, Type[] arguments) =>
        Name(outer.IsGenericTypeDefinition && arguments.Length >= outer.GetGenericArguments().Length
            ? outer.MakeGenericType(arguments[..outer.GetGenericArguments().Length])
            : outer);

    private static string Bare(Type type) => type.Name.Split('`')[0];

    private static bool IsInit(MethodInfo set) =>
        set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));

    private static bool IsVisible(MethodBase method) => method.IsPublic
        || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    private static bool IsVisible(Type type) => type.IsNested
        ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)
        : type.IsPublic;
}
