using System.Reflection.Metadata;

namespace OutboundInterception;

/// <summary>Checks attributes: their types, and every type that their arguments name.</summary>
internal sealed class AttributeCheck(
    SandboxPolicy policy, MetadataReader reader, MetadataNames names, SignatureReader signatures, TypeUses types, MemberUses members, VerificationReport report, WorkBudget budget)
{
    private const int MaxDepth = 8;

    /// <summary>Checks the attributes of one thing, at the present place of the report.</summary>
    public void Check(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle handle in attributes)
        {
            Check(reader.GetCustomAttribute(handle));
        }
    }

    private void Check(CustomAttribute attribute)
    {
        MemberUse constructor = members.Resolve(attribute.Constructor);
        string type = constructor.Owner.Name;
        if (constructor.IsOwn && IsReserved(type))
        {
            report.Add(VerificationRule.Attribute, type, "the runtime knows this attribute by its name, whoever declares it");
            return;
        }

        if (constructor.Verdict.Effect != SandboxEffect.Allowed)
        {
            report.Add(VerificationRule.Attribute, type, constructor.Verdict.Reason);
            return;
        }

        members.Check(constructor);
        if (attribute.Value.IsNil)
        {
            return;
        }

        BlobReader blob = reader.GetBlobReader(attribute.Value);
        budget.Spend(blob.Length);
        if (blob.Length == 0)
        {
            return;
        }

        if (blob.ReadUInt16() != 1)
        {
            throw new BadImageFormatException("An attribute's arguments have no prolog.");
        }

        foreach (SignatureType parameter in constructor.Signature.Types)
        {
            ReadValue(ref blob, CodeOf(parameter), parameter, 0);
        }

        int named = blob.ReadUInt16();
        for (int i = 0; i < named; i++)
        {
            ReadNamed(ref blob, constructor.Owner);
        }
    }

    // Polyfills of what compilers emit are fine; another name of the framework's is one that the runtime may act on.
    private bool IsReserved(string type) =>
        (type.StartsWith("System.", StringComparison.Ordinal) && !policy.Knows("System.Runtime", type))
        || (type.StartsWith("Microsoft.", StringComparison.Ordinal) && type != "Microsoft.CodeAnalysis.EmbeddedAttribute");

    private void ReadNamed(ref BlobReader blob, SignatureType owner)
    {
        SerializationTypeCode kind = blob.ReadSerializationTypeCode();
        (SerializationTypeCode code, SignatureType? type) = ReadCode(ref blob, 0);
        string name = blob.ReadSerializedString() ?? "";
        if (kind == (SerializationTypeCode)0x54 && owner.Assembly is { } assembly)
        {
            SandboxVerdict verdict = policy.CheckMember(assembly, owner.Name, "set_" + name, code == SerializationTypeCode.Type ? ["System.Type"] : []);
            if (!verdict.IsAllowed)
            {
                report.Add(VerificationRule.Attribute, owner.Name + "::" + name, verdict.Reason);
            }
        }

        ReadValue(ref blob, code, type, 0);
    }

    private (SerializationTypeCode Code, SignatureType? Type) ReadCode(ref BlobReader blob, int depth)
    {
        SerializationTypeCode code = depth < MaxDepth ? blob.ReadSerializationTypeCode() : throw TooDeep();
        switch (code)
        {
            case SerializationTypeCode.Enum:
                return (code, MentionName(blob.ReadSerializedString()));
            case SerializationTypeCode.SZArray:
                (SerializationTypeCode element, SignatureType? type) = ReadCode(ref blob, depth + 1);
                return (code, new SignatureType { Kind = SignatureKind.Array, Index = (int)element, Arguments = type is null ? [] : [type] });
            default:
                return (code, null);
        }
    }

    private void ReadValue(ref BlobReader blob, SerializationTypeCode code, SignatureType? type, int depth)
    {
        budget.Spend();
        switch (code)
        {
            case SerializationTypeCode.Type:
                MentionName(blob.ReadSerializedString());
                break;
            case SerializationTypeCode.String:
                _ = blob.ReadSerializedString();
                break;
            case SerializationTypeCode.TaggedObject:
                (SerializationTypeCode boxed, SignatureType? boxedType) = depth < MaxDepth ? ReadCode(ref blob, 0) : throw TooDeep();
                ReadValue(ref blob, boxed, boxedType, depth + 1);
                break;
            case SerializationTypeCode.SZArray:
                ReadArray(ref blob, type!, depth);
                break;
            default:
                blob.Offset += EnumSizes.SizeOf(code == SerializationTypeCode.Enum ? UnderlyingOf(type!) : code);
                break;
        }
    }

    private void ReadArray(ref BlobReader blob, SignatureType array, int depth)
    {
        int count = blob.ReadInt32();
        if (count > blob.RemainingBytes)
        {
            throw new BadImageFormatException("An attribute's array is longer than its bytes.");
        }

        SignatureType? element = array.Arguments.Length > 0 ? array.Arguments[0] : null;
        SerializationTypeCode code = array.Index != 0 ? (SerializationTypeCode)array.Index : CodeOf(element!);
        for (int i = 0; i < count; i++)
        {
            ReadValue(ref blob, code, element, depth < MaxDepth ? depth + 1 : throw TooDeep());
        }
    }

    /// <summary>Checks a type that is named by a string, as <c>typeof</c> is in an attribute.</summary>
    private SignatureType? MentionName(string? name)
    {
        if (name is null)
        {
            return null;
        }

        budget.Spend(name.Length);
        if (!TypeName.TryParse(name, out TypeName? parsed, new TypeNameParseOptions { MaxNodes = 32 }))
        {
            report.Add(VerificationRule.Attribute, name, "it is no name of a type");
            return null;
        }

        return Mention(parsed);
    }

    private SignatureType? Mention(TypeName name)
    {
        if (name.IsArray || name.IsByRef || name.IsPointer)
        {
            return Mention(name.GetElementType());
        }

        if (name.IsConstructedGenericType)
        {
            foreach (TypeName argument in name.GetGenericArguments())
            {
                Mention(argument);
            }

            return Mention(name.GetGenericTypeDefinition());
        }

        string full = TypeName.Unescape(name.FullName);
        if (name.AssemblyName is not { } assembly || assembly.Name == reader.GetString(reader.GetAssemblyDefinition().Name))
        {
            TypeDefinitionHandle own = names.Find(full);
            SignatureType type = own.IsNil ? new SignatureType { Kind = SignatureKind.Named, Assembly = "System.Runtime", Name = full } : names.Of(own);
            types.Mention(type);
            return type;
        }

        SignatureType foreign = new() { Kind = SignatureKind.Named, Assembly = assembly.Name, Name = full };
        types.Mention(foreign);
        return foreign;
    }

    private static SerializationTypeCode CodeOf(SignatureType type) => type.Kind == SignatureKind.Array ? SerializationTypeCode.SZArray : type.Name switch
    {
        "System.Type" => SerializationTypeCode.Type,
        "System.String" => SerializationTypeCode.String,
        "System.Object" => SerializationTypeCode.TaggedObject,
        _ => EnumSizes.CodeOf(type.Name) ?? SerializationTypeCode.Enum,
    };

    private SerializationTypeCode UnderlyingOf(SignatureType type)
    {
        if (type.Definition.IsNil)
        {
            return EnumSizes.OfFramework(type.Name);
        }

        foreach (FieldDefinitionHandle handle in reader.GetTypeDefinition(type.Definition).GetFields())
        {
            FieldDefinition field = reader.GetFieldDefinition(handle);
            if ((field.Attributes & System.Reflection.FieldAttributes.Static) == 0)
            {
                return EnumSizes.CodeOf(signatures.Read(field.Signature).Return!.Name) ?? SerializationTypeCode.Int32;
            }
        }

        return SerializationTypeCode.Int32;
    }

    private static BadImageFormatException TooDeep() => new("An attribute's arguments are nested too deeply.");
}
