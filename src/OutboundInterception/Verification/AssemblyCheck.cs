using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace OutboundInterception;

/// <summary>Checks what concerns the assembly as a whole: what it references, and tables that tenant code has no use for.</summary>
internal sealed class AssemblyCheck(SandboxPolicy policy, MetadataReader reader, MetadataNames names, AttributeCheck attributes, VerificationReport report)
{
    // The contracts' internals are open to assemblies of these names.
    private const string Reserved = "OutboundInterception";

    private static readonly (TableIndex Table, VerificationRule Rule, string Target, string Reason)[] s_tables =
    [
        (TableIndex.ModuleRef, VerificationRule.Reference, "module reference", "code is loaded from other files"),
        (TableIndex.File, VerificationRule.Reference, "file table", "code is loaded from other files"),
        (TableIndex.ExportedType, VerificationRule.Reference, "type forwarder", "a type stands for one of another assembly"),
        (TableIndex.ImplMap, VerificationRule.NativeCode, "P/Invoke", "native code can do anything"),
        (TableIndex.FieldMarshal, VerificationRule.NativeCode, "marshalling", "marshalling is for native code"),
        (TableIndex.FieldLayout, VerificationRule.Layout, "explicit layout", "fields that overlap give one object the type of another"),
        (TableIndex.DeclSecurity, VerificationRule.Attribute, "declarative security", "build without AllowUnsafeBlocks"),
        (TableIndex.EncLog, VerificationRule.Image, "edit and continue", "the metadata is not that of a compiler"),
        (TableIndex.EncMap, VerificationRule.Image, "edit and continue", "the metadata is not that of a compiler"),
        (TableIndex.FieldPtr, VerificationRule.Image, "indirection table", "the metadata is not that of a compiler"),
        (TableIndex.MethodPtr, VerificationRule.Image, "indirection table", "the metadata is not that of a compiler"),
        (TableIndex.ParamPtr, VerificationRule.Image, "indirection table", "the metadata is not that of a compiler"),
        (TableIndex.EventPtr, VerificationRule.Image, "indirection table", "the metadata is not that of a compiler"),
        (TableIndex.PropertyPtr, VerificationRule.Image, "indirection table", "the metadata is not that of a compiler"),
    ];

    /// <summary>Looks at the assembly's own rows.</summary>
    public void Check()
    {
        report.EnterAssembly();
        string name = reader.GetString(reader.GetAssemblyDefinition().Name);
        if (policy.KnowsAssembly(name) || name == Reserved || name.StartsWith(Reserved + ".", StringComparison.OrdinalIgnoreCase))
        {
            report.Add(VerificationRule.Reference, name, "the name belongs to the platform");
        }

        foreach ((TableIndex table, VerificationRule rule, string target, string reason) in s_tables)
        {
            if (reader.GetTableRowCount(table) > 0)
            {
                report.Add(rule, target, reason);
            }
        }

        foreach (AssemblyReferenceHandle handle in reader.AssemblyReferences)
        {
            CheckReference(reader.GetAssemblyReference(handle));
        }

        foreach (ManifestResourceHandle handle in reader.ManifestResources)
        {
            if (!reader.GetManifestResource(handle).Implementation.IsNil)
            {
                report.Add(VerificationRule.Reference, "resource", "data is loaded from other files");
            }
        }

        attributes.Check(reader.GetAssemblyDefinition().GetCustomAttributes());
        attributes.Check(reader.GetModuleDefinition().GetCustomAttributes());
        CheckModuleType();
    }

    private void CheckReference(AssemblyReference reference)
    {
        string name = reader.GetString(reference.Name);
        if (!policy.KnowsAssembly(name))
        {
            report.Add(VerificationRule.Reference, name, "tenant code may not reference this assembly");
        }

        if ((reference.Flags & AssemblyFlags.ContentTypeMask) != 0 || !reference.Culture.IsNil)
        {
            report.Add(VerificationRule.Reference, name, "only neutral assemblies of the framework may be referenced");
        }
    }

    /// <summary>Global methods and fields belong to the first type; its static constructor runs when the module is loaded.</summary>
    private void CheckModuleType()
    {
        TypeDefinitionHandle handle = MetadataTokens.TypeDefinitionHandle(1);
        TypeDefinition module = reader.GetTypeDefinition(handle);
        report.Enter(handle);
        if (module.GetMethods().Count > 0 || module.GetFields().Count > 0)
        {
            report.Add(VerificationRule.Initializer, names.Of(handle).Name, "code of the module itself runs when it is loaded");
        }
    }
}
