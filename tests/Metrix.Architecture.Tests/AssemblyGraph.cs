using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Metrix.Architecture.Tests;

/// <summary>
/// Reads which types of a compiled assembly reference which others: in signatures, attributes and method bodies.
/// </summary>
internal sealed class AssemblyGraph : IDisposable
{
    private readonly AssemblyDefinition _assembly;

    public AssemblyGraph(string path) => _assembly = AssemblyDefinition.ReadAssembly(path);

    /// <summary>Returns each reference from one top-level type of the assembly to another.</summary>
    public IEnumerable<(TypeDefinition From, TypeDefinition To, string Member)> References() =>
        from type in _assembly.MainModule.Types
        where !IsCompilerGenerated(type)
        from reference in ReferencesOf(type)
        let target = TopLevel(reference.Type)
        where target is not null && target != type && !IsCompilerGenerated(target)
        select (type, target, reference.Member);

    public void Dispose() => _assembly.Dispose();

    private static bool IsCompilerGenerated(TypeDefinition type) => type.Namespace.Length == 0 ||
        type.Namespace is "Microsoft.CodeAnalysis" or "System.Runtime.CompilerServices";

    // A type of another module has no definition here, and does not count.
    private TypeDefinition? TopLevel(TypeReference reference)
    {
        if (reference.Scope != _assembly.MainModule || reference.IsGenericParameter)
            return null;

        var type = reference.Resolve();
        while (type?.DeclaringType is { } outer)
            type = outer;
        return type;
    }

    private static IEnumerable<(TypeReference Type, string Member)> ReferencesOf(TypeDefinition type)
    {
        var own = new[] { type.BaseType }.Concat(type.Interfaces.Select(i => i.InterfaceType))
            .Concat(type.Fields.Select(field => field.FieldType))
            .Concat(type.CustomAttributes.SelectMany(TypesOf))
            .Concat(type.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType))
            .Where(reference => reference is not null)
            .SelectMany(Flatten)
            .Select(reference => (reference, type.Name));
        return own
            .Concat(type.Methods.SelectMany(method => TypesOf(method).SelectMany(Flatten)
                .Select(reference => (reference, $"{type.Name}.{method.Name}"))))
            .Concat(type.NestedTypes.SelectMany(ReferencesOf));
    }

    private static IEnumerable<TypeReference> TypesOf(CustomAttribute attribute) =>
        attribute.ConstructorArguments.Select(argument => argument.Value).OfType<TypeReference>()
            .Append(attribute.AttributeType);

    private static IEnumerable<TypeReference> TypesOf(MethodDefinition method)
    {
        var signature = method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType)
            .Concat(method.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType))
            .Concat(method.CustomAttributes.SelectMany(TypesOf));
        return method.HasBody
            ? signature.Concat(method.Body.Variables.Select(variable => variable.VariableType))
                .Concat(method.Body.ExceptionHandlers.Select(handler => handler.CatchType).OfType<TypeReference>())
                .Concat(method.Body.Instructions.SelectMany(TypesOf))
            : signature;
    }

    private static IEnumerable<TypeReference> TypesOf(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference method =>
        [
            method.DeclaringType, method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType),
            .. method is GenericInstanceMethod generic ? generic.GenericArguments : [],
        ],
        _ => [],
    };

    private static IEnumerable<TypeReference> Flatten(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Flatten).Append(generic.ElementType),
        TypeSpecification specification => Flatten(specification.ElementType),
        _ => [type],
    };
}
