using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace OutboundInterception;

/// <summary>Knows the instructions to which the C# compiler turns a <c>stackalloc</c> of a span with an initialiser.</summary>
internal sealed class StackAllocations(MemberUses members, ConstantData data)
{
    private static readonly ILOpCode[] s_viaSpan = [ILOpCode.Dup, ILOpCode.Ldtoken, ILOpCode.Call];

    /// <summary>Whether <c>localloc</c>, <c>cpblk</c> or <c>initblk</c> belongs to one, and stays within it.</summary>
    public bool Has(InstructionList code, int index)
    {
        if (code[index].Code == ILOpCode.Localloc)
        {
            return code[index - 1].Code is ILOpCode.Conv_u or ILOpCode.Mul_ovf_un && !code.IsTarget(index) && FeedsSpan(code, index);
        }

        int size = code[index - 1].Code == ILOpCode.Unaligned ? index - 2 : index - 1;
        (int start, int? available) = Source(code, index, size);
        return start > 0 && available >= code[size].Constant && code[size].Constant >= 0
            && code[start].Code == ILOpCode.Dup && code[start - 1].Code == ILOpCode.Localloc && code[start - 2].Code == ILOpCode.Conv_u
            && code[start - 3].Constant >= code[size].Constant
            && Enumerable.Range(start, index - start + 1).All(i => !code.IsTarget(i));
    }

    // What is kept or thrown away is nobody's span: the compiler leaves the address on the stack until it makes one of it.
    private bool FeedsSpan(InstructionList code, int index)
    {
        if (code[index + 1].Code is ILOpCode.Pop or ILOpCode.Ret or ILOpCode.Stloc or ILOpCode.Stloc_s or >= ILOpCode.Stloc_0 and <= ILOpCode.Stloc_3)
        {
            return false;
        }

        for (int i = index + 1; i < code.Count; i++)
        {
            if (code[i].Code is ILOpCode.Newobj or ILOpCode.Call
                && members.Resolve(MetadataTokens.EntityHandle(code[i].Operand)) is { Owner: { Assembly: not null, Name: "System.Span`1" or "System.ReadOnlySpan`1" }, Name: ".ctor" })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the initialiser begins, and how many bytes it may take.</summary>
    private (int Start, int? Available) Source(InstructionList code, int index, int size)
    {
        if (code[index].Code == ILOpCode.Initblk)
        {
            return (size - 2, code[size - 1].Constant is null ? null : int.MaxValue);
        }

        if (code[size - 1].Code == ILOpCode.Ldsflda)
        {
            return (size - 2, data.SizeOf(code[size - 1]));
        }

        // dup, ldtoken data, call CreateSpan, stloc, ldloca, ldc.i4.0, call get_Item: the first element by reference.
        int start = size - 7;
        bool isFirst = code[size - 1].Code == ILOpCode.Call && code[size - 2].Constant == 0
            && members.Resolve(MetadataTokens.EntityHandle(code[size - 1].Operand)) is { Owner.Name: "System.ReadOnlySpan`1", Name: "get_Item" };
        return isFirst && Enumerable.Range(0, s_viaSpan.Length).All(i => code[start + i].Code == s_viaSpan[i]) ? (start, data.SizeOf(code[start + 1])) : (0, null);
    }
}
