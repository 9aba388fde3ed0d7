using System.Reflection.Metadata;
using BlobKind = System.Reflection.Metadata.SignatureKind;

namespace OutboundInterception;

/// <summary>
/// Reads signatures with a bound on depth and work: the framework's own decoder recurses as deep as the bytes say, and a stack
/// overflow takes the whole process.
/// </summary>
internal sealed class SignatureReader(MetadataReader reader, MetadataNames names, WorkBudget budget)
{
    /// <summary>How deep types may be nested in one another.</summary>
    public const int MaxDepth = 64;

    private readonly Dictionary<BlobHandle, Signature> _known = [];
    private readonly Dictionary<TypeSpecificationHandle, SignatureType> _knownTypes = [];

    /// <summary>A method's, property's, field's, or local variables' signature, or a generic method's arguments.</summary>
    public Signature Read(BlobHandle handle)
    {
        if (!_known.TryGetValue(handle, out Signature? signature))
        {
            BlobReader blob = reader.GetBlobReader(handle);
            signature = Read(ref blob);
            _known.Add(handle, signature);
        }

        budget.Spend(signature.Types.Length + 1);
        return signature;
    }

    /// <summary>The type that a <c>TypeSpec</c> row stands for.</summary>
    public SignatureType ReadType(TypeSpecificationHandle handle)
    {
        if (!_knownTypes.TryGetValue(handle, out SignatureType? type))
        {
            BlobReader blob = reader.GetBlobReader(reader.GetTypeSpecification(handle).Signature);
            type = ReadType(ref blob, 0);
            _knownTypes.Add(handle, type);
        }

        return type;
    }

    /// <summary>The type that a token of any kind stands for.</summary>
    public SignatureType TypeOf(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => names.Of((TypeDefinitionHandle)handle),
        HandleKind.TypeReference => names.Of((TypeReferenceHandle)handle),
        HandleKind.TypeSpecification => ReadType((TypeSpecificationHandle)handle),
        _ => throw new BadImageFormatException("A token should name a type and does not."),
    };

    private Signature Read(ref BlobReader blob)
    {
        SignatureHeader header = blob.ReadSignatureHeader();
        switch (header.Kind)
        {
            case BlobKind.Method or BlobKind.Property:
                bool unusual = header.Kind == BlobKind.Method && header.CallingConvention != SignatureCallingConvention.Default;
                if (header.IsGeneric)
                {
                    _ = blob.ReadCompressedInteger();
                }

                int count = Count(ref blob);
                SignatureType returned = ReadType(ref blob, 0);
                return new Signature(returned, ReadTypes(ref blob, count, 0), false, unusual || header.HasExplicitThis);
            case BlobKind.Field:
                return new Signature(ReadType(ref blob, 0), [], true, false);
            case BlobKind.LocalVariables or BlobKind.MethodSpecification:
                return new Signature(null, ReadTypes(ref blob, Count(ref blob), 0), false, false);
            default:
                throw new BadImageFormatException("A signature is of an unknown kind.");
        }
    }

    private static int Count(ref BlobReader blob)
    {
        int count = blob.ReadCompressedInteger();
        return count <= blob.RemainingBytes ? count : throw new BadImageFormatException("A signature counts more types than it has bytes.");
    }

    private SignatureType[] ReadTypes(ref BlobReader blob, int count, int depth)
    {
        var types = new SignatureType[count];
        for (int i = 0; i < count; i++)
        {
            types[i] = ReadType(ref blob, depth);
        }

        return types;
    }

    private SignatureType ReadType(ref BlobReader blob, int depth)
    {
        budget.Spend();
        if (depth > MaxDepth)
        {
            throw new BadImageFormatException("A signature is nested too deeply.");
        }

        SignatureTypeCode code = blob.ReadSignatureTypeCode();
        switch (code)
        {
            case SignatureTypeCode.TypeHandle:
                return ReadHandle(ref blob);
            case SignatureTypeCode.GenericTypeInstance:
                if (blob.ReadCompressedInteger() is not (0x11 or 0x12))
                {
                    throw new BadImageFormatException("A generic type is neither a class nor a value type.");
                }

                SignatureType generic = ReadHandle(ref blob);
                return new SignatureType
                {
                    Kind = SignatureKind.Named,
                    Assembly = generic.Assembly,
                    Name = generic.Name,
                    Definition = generic.Definition,
                    Arguments = ReadTypes(ref blob, Count(ref blob), depth + 1),
                };
            case SignatureTypeCode.SZArray:
                return Wrap(SignatureKind.Array, ref blob, depth);
            case SignatureTypeCode.Array:
                SignatureType array = Wrap(SignatureKind.Array, ref blob, depth);
                SkipShape(ref blob);
                return array;
            case SignatureTypeCode.ByReference:
                return Wrap(SignatureKind.ByRef, ref blob, depth);
            case SignatureTypeCode.Pointer:
                return Wrap(SignatureKind.Pointer, ref blob, depth);
            case SignatureTypeCode.Pinned:
                return Wrap(SignatureKind.Pinned, ref blob, depth);
            case SignatureTypeCode.FunctionPointer:
                return ReadFunctionPointer(ref blob, depth);
            case SignatureTypeCode.GenericTypeParameter:
                return new SignatureType { Kind = SignatureKind.TypeParameter, Index = blob.ReadCompressedInteger() };
            case SignatureTypeCode.GenericMethodParameter:
                return new SignatureType { Kind = SignatureKind.MethodParameter, Index = blob.ReadCompressedInteger() };
            case SignatureTypeCode.RequiredModifier or SignatureTypeCode.OptionalModifier:
                SignatureType modifier = ReadHandle(ref blob);
                return new SignatureType { Kind = SignatureKind.Modified, Arguments = [modifier, ReadType(ref blob, depth + 1)] };
            case SignatureTypeCode.Sentinel:
                return ReadType(ref blob, depth + 1);
            default:
                return Primitives.Of(code);
        }
    }

    private SignatureType ReadFunctionPointer(ref BlobReader blob, int depth)
    {
        if (blob.ReadSignatureHeader().IsGeneric)
        {
            _ = blob.ReadCompressedInteger();
        }

        int count = Count(ref blob);
        return new SignatureType { Kind = SignatureKind.FunctionPointer, Arguments = ReadTypes(ref blob, count + 1, depth + 1) };
    }

    private SignatureType Wrap(SignatureKind kind, ref BlobReader blob, int depth) =>
        new() { Kind = kind, Arguments = [ReadType(ref blob, depth + 1)] };

    private SignatureType ReadHandle(ref BlobReader blob)
    {
        EntityHandle handle = blob.ReadTypeHandle();
        return handle.Kind == HandleKind.TypeSpecification
            ? throw new BadImageFormatException("A signature names a type by another signature.")
            : TypeOf(handle);
    }

    private void SkipShape(ref BlobReader blob)
    {
        _ = blob.ReadCompressedInteger();
        for (int part = 0; part < 2; part++)
        {
            int count = Count(ref blob);
            budget.Spend(count);
            for (int i = 0; i < count; i++)
            {
                _ = blob.ReadCompressedInteger();
            }
        }
    }
}
