using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace OutboundInterception;

/// <summary>Checks method bodies, instruction by instruction.</summary>
internal sealed class BodyCheck(
    PEReader image, MetadataReader reader, SignatureReader signatures, TypeUses types, MemberUses members, CompilerShapes shapes, StackAllocations stackAllocations, VerificationReport report, WorkBudget budget)
{
    private readonly InstructionList _instructions = new();
    private readonly HashSet<int> _bodies = [];
    private long _bytes;

    /// <summary>Checks the body of a method that has one.</summary>
    public void Check(MethodDefinition method)
    {
        shapes.Method = method;
        MethodBodyBlock body = image.GetMethodBody(method.RelativeVirtualAddress);
        // Compilers share equal bodies between methods, which the budget bounds; no two overlap.
        _bytes += _bodies.Add(method.RelativeVirtualAddress) ? body.Size : 0;
        if (_bytes > image.GetEntireImage().Length)
        {
            throw new BadImageFormatException("Method bodies overlap.");
        }

        budget.Spend(body.Size);
        CheckLocals(body);
        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            if (region.Kind == ExceptionRegionKind.Catch)
            {
                types.Mention(signatures.TypeOf(region.CatchType));
            }
        }

        _instructions.Read(body);
        if (shapes.IsInlineArrayHelper(method) && shapes.IsInlineArrayHelper(_instructions))
        {
            return;
        }

        for (int i = 0; i < _instructions.Count; i++)
        {
            report.At(_instructions[i].Offset);
            Check(i);
        }
    }

    private void CheckLocals(MethodBodyBlock body)
    {
        if (body.LocalSignature.IsNil)
        {
            return;
        }

        Signature locals = signatures.Read(reader.GetStandaloneSignature(body.LocalSignature).Signature);
        types.Mention(locals);
        if (!body.LocalVariablesInitialized)
        {
            report.Add(VerificationRule.Layout, "SkipLocalsInit", "locals that are not initialised show what was in memory before");
        }
    }

    private void Check(int index)
    {
        Instruction instruction = _instructions[index];
        if (InstructionSet.Forbidden(instruction.Code) is { } reason)
        {
            report.Add(VerificationRule.Instruction, Name(instruction), reason);
        }
        else if (InstructionSet.TakesType(instruction.Code))
        {
            types.Mention(signatures.TypeOf(Token(instruction)));
        }
        else if (InstructionSet.TakesMember(instruction.Code))
        {
            CheckMember(index, members.Resolve(Token(instruction)));
        }
        else if (instruction.Code == ILOpCode.Ldtoken)
        {
            CheckToken(index);
        }
        else if (instruction.Code is ILOpCode.Cpblk or ILOpCode.Initblk or ILOpCode.Localloc
            && !stackAllocations.Has(_instructions, index))
        {
            report.Add(VerificationRule.Instruction, Name(instruction), "it reaches memory outside a stackalloc of a span");
        }
    }

    private void CheckMember(int index, MemberUse use)
    {
        ILOpCode code = _instructions[index].Code;
        if (!members.Check(use))
        {
            return;
        }

        if (use.Verdict.Effect == SandboxEffect.CompilerOnly)
        {
            if (!shapes.Fits(use.Verdict.Shape!, _instructions, index, use))
            {
                report.Add(VerificationRule.CompilerShape, use.Target, use.Verdict.Reason.Length > 0 ? use.Verdict.Reason : "only compilers may use it, in a shape that this is not");
            }
        }
        else if (shapes.Problem(_instructions, index, use) is { } problem)
        {
            report.Add(VerificationRule.CompilerShape, use.Target, problem);
        }

        if (code is ILOpCode.Ldftn or ILOpCode.Ldvirtftn && _instructions[index + 1].Code != ILOpCode.Newobj)
        {
            report.Add(VerificationRule.Pointers, use.Target, "the address of a method may only become a delegate");
        }
    }

    private void CheckToken(int index)
    {
        EntityHandle handle = Token(_instructions[index]);
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition or HandleKind.TypeReference or HandleKind.TypeSpecification:
                types.Mention(signatures.TypeOf(handle));
                break;
            case HandleKind.FieldDefinition when shapes.IsArrayData(_instructions, index):
                break;
            default:
                report.Add(VerificationRule.Instruction, "ldtoken", "the handle of a member leads to reflection");
                break;
        }
    }

    private static string Name(Instruction instruction) => instruction.Code.ToString().ToLowerInvariant().Replace('_', '.');

    private static EntityHandle Token(Instruction instruction)
    {
        EntityHandle handle = MetadataTokens.EntityHandle(instruction.Operand);
        return handle.IsNil ? throw new BadImageFormatException("An instruction has an empty token.") : handle;
    }
}
