using System.Reflection.Metadata;

namespace OutboundInterception;

/// <summary>The IL instructions (ECMA-335 III) that code may have, and the operands that they take.</summary>
internal static class InstructionSet
{
    /// <summary>Why an instruction is never allowed; <see langword="null"/> if it may be.</summary>
    public static string? Forbidden(ILOpCode code) => code switch
    {
        ILOpCode.Calli => "it calls what no name says",
        ILOpCode.Jmp => "it leaves the method for another with whatever arguments there are",
        ILOpCode.Arglist or ILOpCode.Mkrefany or ILOpCode.Refanyval or ILOpCode.Refanytype => "typed references and variable arguments go around the type system",
        ILOpCode.Cpobj => "it copies memory without looking at what it holds",
        _ => null,
    };

    /// <summary>What follows the code of an instruction.</summary>
    /// <exception cref="BadImageFormatException">There is no such instruction.</exception>
    public static OperandKind OperandOf(ILOpCode code) => code switch
    {
        >= ILOpCode.Ldarg_s and <= ILOpCode.Stloc_s or ILOpCode.Ldc_i4_s or ILOpCode.Unaligned => OperandKind.Byte,
        ILOpCode.Ldarg or ILOpCode.Ldarga or ILOpCode.Starg or ILOpCode.Ldloc or ILOpCode.Ldloca or ILOpCode.Stloc => OperandKind.Word,
        ILOpCode.Ldc_i4 or ILOpCode.Ldc_r4 => OperandKind.Int,
        ILOpCode.Ldc_i8 or ILOpCode.Ldc_r8 => OperandKind.Long,
        >= ILOpCode.Br_s and <= ILOpCode.Blt_un_s or ILOpCode.Leave_s => OperandKind.ShortBranch,
        >= ILOpCode.Br and <= ILOpCode.Blt_un or ILOpCode.Leave => OperandKind.Branch,
        ILOpCode.Switch => OperandKind.Switch,
        ILOpCode.Jmp or ILOpCode.Call or ILOpCode.Calli or ILOpCode.Callvirt or ILOpCode.Newobj or ILOpCode.Ldftn or ILOpCode.Ldvirtftn
            or >= ILOpCode.Ldfld and <= ILOpCode.Stsfld or ILOpCode.Ldtoken or ILOpCode.Ldstr
            or ILOpCode.Cpobj or ILOpCode.Ldobj or ILOpCode.Stobj or ILOpCode.Castclass or ILOpCode.Isinst or ILOpCode.Unbox or ILOpCode.Unbox_any
            or ILOpCode.Box or ILOpCode.Newarr or ILOpCode.Ldelema or ILOpCode.Ldelem or ILOpCode.Stelem or ILOpCode.Mkrefany or ILOpCode.Refanyval
            or ILOpCode.Initobj or ILOpCode.Constrained or ILOpCode.Sizeof => OperandKind.Token,
        >= ILOpCode.Nop and <= ILOpCode.Ldc_i4_8 or ILOpCode.Dup or ILOpCode.Pop or ILOpCode.Ret
            or >= ILOpCode.Ldind_i1 and <= ILOpCode.Conv_u8 or ILOpCode.Conv_r_un or ILOpCode.Throw
            or >= ILOpCode.Conv_ovf_i1_un and <= ILOpCode.Conv_ovf_u_un or ILOpCode.Ldlen
            or >= ILOpCode.Ldelem_i1 and <= ILOpCode.Stelem_ref or >= ILOpCode.Conv_ovf_i1 and <= ILOpCode.Conv_ovf_u8 or ILOpCode.Ckfinite
            or >= ILOpCode.Conv_u2 and <= ILOpCode.Endfinally or ILOpCode.Stind_i or ILOpCode.Conv_u
            or >= ILOpCode.Arglist and <= ILOpCode.Clt_un or ILOpCode.Localloc or ILOpCode.Endfilter or ILOpCode.Volatile or ILOpCode.Tail
            or ILOpCode.Cpblk or ILOpCode.Initblk or ILOpCode.Rethrow or ILOpCode.Refanytype or ILOpCode.Readonly => OperandKind.None,
        _ => throw new BadImageFormatException("A method body has an instruction that does not exist."),
    };

    /// <summary>Whether the operand is the token of a type.</summary>
    public static bool TakesType(ILOpCode code) => code is ILOpCode.Cpobj or ILOpCode.Ldobj or ILOpCode.Stobj or ILOpCode.Castclass or ILOpCode.Isinst
        or ILOpCode.Unbox or ILOpCode.Unbox_any or ILOpCode.Box or ILOpCode.Newarr or ILOpCode.Ldelema or ILOpCode.Ldelem or ILOpCode.Stelem
        or ILOpCode.Mkrefany or ILOpCode.Refanyval or ILOpCode.Initobj or ILOpCode.Constrained or ILOpCode.Sizeof;

    /// <summary>Whether the operand is the token of a member.</summary>
    public static bool TakesMember(ILOpCode code) => code is ILOpCode.Call or ILOpCode.Callvirt or ILOpCode.Newobj or ILOpCode.Ldftn or ILOpCode.Ldvirtftn
        or (>= ILOpCode.Ldfld and <= ILOpCode.Stsfld);
}
