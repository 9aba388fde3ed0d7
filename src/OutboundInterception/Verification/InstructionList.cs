using System.Reflection.Metadata;

namespace OutboundInterception;

/// <summary>The instructions of one method body, and where its branches lead. Reused from body to body.</summary>
internal sealed class InstructionList
{
    private readonly List<Instruction> _instructions = [];
    private readonly List<int> _branches = [];

    /// <summary>How many there are.</summary>
    public int Count => _instructions.Count;

    /// <summary>An instruction; before the first there is <c>nop</c>.</summary>
    public Instruction this[int index] => index >= 0 && index < _instructions.Count ? _instructions[index] : default;

    /// <summary>Whether a branch or an exception handler leads to the instruction, so that what stands before it need not have run.</summary>
    public bool IsTarget(int index) => _branches.BinarySearch(_instructions[index].Offset) >= 0;

    /// <summary>Reads a body.</summary>
    /// <exception cref="BadImageFormatException">
    /// An instruction is cut off or unknown, or something leads into the middle of one, where other instructions are hidden.
    /// </exception>
    public void Read(MethodBodyBlock body)
    {
        _instructions.Clear();
        _branches.Clear();
        BlobReader reader = body.GetILReader();
        while (reader.RemainingBytes > 0)
        {
            int offset = reader.Offset;
            var code = (ILOpCode)reader.ReadByte();
            code = code == (ILOpCode)0xfe ? (ILOpCode)(0xfe00 | reader.ReadByte()) : code;
            _instructions.Add(new Instruction(offset, code, Operand(ref reader, code)));
        }

        int end = reader.Offset;
        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            _branches.AddRange([region.TryOffset, region.HandlerOffset]);
            Boundary(region.TryOffset, region.TryLength, end);
            Boundary(region.HandlerOffset, region.HandlerLength, end);
            if (region.Kind == ExceptionRegionKind.Filter)
            {
                _branches.Add(region.FilterOffset);
            }
        }

        CheckBranches();
    }

    private void Boundary(int offset, int length, int end)
    {
        if (offset + (long)length != end)
        {
            _branches.Add(checked(offset + length));
        }
    }

    private void CheckBranches()
    {
        if (_instructions.Count == 0)
        {
            throw new BadImageFormatException("A method body is empty.");
        }

        _branches.Sort();
        int next = 0;
        foreach (Instruction instruction in _instructions)
        {
            while (next < _branches.Count && _branches[next] == instruction.Offset)
            {
                next++;
            }
        }

        if (next != _branches.Count)
        {
            throw new BadImageFormatException("A branch or an exception handler leads into the middle of an instruction.");
        }
    }

    private int Operand(ref BlobReader reader, ILOpCode code)
    {
        switch (InstructionSet.OperandOf(code))
        {
            case OperandKind.None:
                return 0;
            case OperandKind.Byte:
                return reader.ReadSByte();
            case OperandKind.Word:
                return reader.ReadUInt16();
            case OperandKind.Int or OperandKind.Token:
                return reader.ReadInt32();
            case OperandKind.Long:
                _ = reader.ReadInt64();
                return 0;
            case OperandKind.ShortBranch:
                return Branch(reader.ReadSByte(), reader.Offset);
            case OperandKind.Branch:
                return Branch(reader.ReadInt32(), reader.Offset);
            default:
                return Switch(ref reader);
        }
    }

    private int Switch(ref BlobReader reader)
    {
        uint count = reader.ReadUInt32();
        if (count > reader.RemainingBytes / 4)
        {
            throw new BadImageFormatException("A switch is longer than its method.");
        }

        int end = reader.Offset + ((int)count * 4);
        for (uint i = 0; i < count; i++)
        {
            Branch(reader.ReadInt32(), end);
        }

        return 0;
    }

    private int Branch(int distance, int from)
    {
        int target = unchecked(from + distance);
        _branches.Add(target);
        return target;
    }
}
