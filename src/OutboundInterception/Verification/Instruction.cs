using System.Reflection.Metadata;

namespace OutboundInterception;

/// <summary>One IL instruction.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Code">What it does.</param>
/// <param name="Operand">A token, a constant, or the target of a branch; 0 where there is none or it is larger than 32 bits.</param>
internal readonly record struct Instruction(int Offset, ILOpCode Code, int Operand)
{
    /// <summary>The constant that it loads; <see langword="null"/> if it loads none.</summary>
    public int? Constant => Code switch
    {
        >= ILOpCode.Ldc_i4_m1 and <= ILOpCode.Ldc_i4_8 => Code - ILOpCode.Ldc_i4_0,
        ILOpCode.Ldc_i4 or ILOpCode.Ldc_i4_s => Operand,
        _ => null,
    };
}
