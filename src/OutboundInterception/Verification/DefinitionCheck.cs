using System.Reflection;
using System.Reflection.Metadata;

namespace OutboundInterception;

/// <summary>Checks the types that an assembly declares, with all that they declare.</summary>
internal sealed class DefinitionCheck(
    MetadataReader reader, MetadataNames names, SignatureReader signatures, TypeUses types, MemberUses members, AttributeCheck attributes, BodyCheck bodies, VerificationReport report)
{
    private const MethodImplAttributes Managed = MethodImplAttributes.NoInlining | MethodImplAttributes.AggressiveInlining
        | MethodImplAttributes.AggressiveOptimization | MethodImplAttributes.NoOptimization | MethodImplAttributes.Synchronized;

    /// <summary>Checks one type.</summary>
    public void Check(TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        report.Enter(handle);
        if ((type.Attributes & TypeAttributes.LayoutMask) == TypeAttributes.ExplicitLayout && !IsConstant(type))
        {
            report.Add(VerificationRule.Layout, names.Of(handle).Name, "fields that overlap give one object the type of another");
        }

        if ((type.Attributes & (TypeAttributes.Import | TypeAttributes.HasSecurity | TypeAttributes.WindowsRuntime)) != 0)
        {
            report.Add(VerificationRule.NativeCode, names.Of(handle).Name, "it belongs to native code");
        }

        attributes.Check(type.GetCustomAttributes());
        bool isDelegate = CheckBases(type);
        CheckGenerics(type.GetGenericParameters());
        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            Check(handle, reader.GetFieldDefinition(field));
        }

        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            Check(handle, method, isDelegate);
        }

        CheckPropertiesAndEvents(handle, type);
        report.Enter(handle);
        foreach (MethodImplementationHandle implementation in type.GetMethodImplementations())
        {
            CheckOverride(reader.GetMethodImplementation(implementation));
        }
    }

    // The compiler's constants lie in structs of explicit layout that have a size and no fields.
    private static bool IsConstant(TypeDefinition type) => type.GetFields().Count == 0 && type.GetLayout().Size > 0;

    private bool CheckBases(TypeDefinition type)
    {
        SignatureType? parent = type.BaseType.IsNil ? null : signatures.TypeOf(type.BaseType);
        if (parent is not null)
        {
            types.Inherit(parent);
        }

        foreach (InterfaceImplementationHandle handle in type.GetInterfaceImplementations())
        {
            InterfaceImplementation implementation = reader.GetInterfaceImplementation(handle);
            types.Inherit(signatures.TypeOf(implementation.Interface));
            attributes.Check(implementation.GetCustomAttributes());
        }

        return parent is { Assembly: not null, Name: "System.MulticastDelegate" };
    }

    private void CheckGenerics(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle handle in parameters)
        {
            GenericParameter parameter = reader.GetGenericParameter(handle);
            attributes.Check(parameter.GetCustomAttributes());
            foreach (GenericParameterConstraintHandle constraint in parameter.GetConstraints())
            {
                GenericParameterConstraint bound = reader.GetGenericParameterConstraint(constraint);
                types.Mention(signatures.TypeOf(bound.Type));
                attributes.Check(bound.GetCustomAttributes());
            }
        }
    }

    private void Check(TypeDefinitionHandle type, FieldDefinition field)
    {
        report.Enter(type, field.Name);
        types.Mention(signatures.Read(field.Signature));
        attributes.Check(field.GetCustomAttributes());
        if (field.GetRelativeVirtualAddress() != 0 && names.Of(type).Name != ConstantData.Details)
        {
            report.Add(VerificationRule.Layout, reader.GetString(field.Name), "a field lies over the file's own bytes");
        }
    }

    private void Check(TypeDefinitionHandle type, MethodDefinitionHandle handle, bool isDelegate)
    {
        MethodDefinition method = reader.GetMethodDefinition(handle);
        report.Enter(type, handle);
        Signature signature = signatures.Read(method.Signature);
        if (signature.IsUnusual)
        {
            report.Add(VerificationRule.NativeCode, reader.GetString(method.Name), "its calling convention is not that of managed code");
        }

        types.Mention(signature);
        attributes.Check(method.GetCustomAttributes());
        CheckGenerics(method.GetGenericParameters());
        foreach (ParameterHandle parameter in method.GetParameters())
        {
            attributes.Check(reader.GetParameter(parameter).GetCustomAttributes());
        }

        bool hasNoBody = (method.Attributes & MethodAttributes.Abstract) != 0 || (isDelegate && (method.ImplAttributes & MethodImplAttributes.CodeTypeMask) == MethodImplAttributes.Runtime);
        MethodImplAttributes allowed = isDelegate ? MethodImplAttributes.Runtime : Managed;
        if ((method.ImplAttributes & ~allowed) != 0 || (method.Attributes & (MethodAttributes.PinvokeImpl | MethodAttributes.UnmanagedExport | MethodAttributes.HasSecurity)) != 0
            || hasNoBody != (method.RelativeVirtualAddress == 0))
        {
            report.Add(VerificationRule.NativeCode, reader.GetString(method.Name), "its body is not IL");
        }
        else if (!hasNoBody)
        {
            bodies.Check(method);
            report.At(null);
        }
    }

    private void CheckPropertiesAndEvents(TypeDefinitionHandle handle, TypeDefinition type)
    {
        foreach (PropertyDefinitionHandle propertyHandle in type.GetProperties())
        {
            PropertyDefinition property = reader.GetPropertyDefinition(propertyHandle);
            report.Enter(handle, property.Name);
            types.Mention(signatures.Read(property.Signature));
            attributes.Check(property.GetCustomAttributes());
        }

        foreach (EventDefinitionHandle eventHandle in type.GetEvents())
        {
            EventDefinition definition = reader.GetEventDefinition(eventHandle);
            report.Enter(handle, definition.Name);
            types.Mention(signatures.TypeOf(definition.Type));
            attributes.Check(definition.GetCustomAttributes());
        }
    }

    private void CheckOverride(MethodImplementation implementation)
    {
        MemberUse declaration = members.Resolve(implementation.MethodDeclaration);
        MemberUse body = members.Resolve(implementation.MethodBody);
        if (body.Method.IsNil)
        {
            report.Add(VerificationRule.Inheritance, body.Target, "an override must be a method of the assembly itself");
        }

        types.Inherit(declaration.Owner);
    }
}
