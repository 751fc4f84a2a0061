using System.Reflection;
using System.Reflection.Emit;

namespace Stratiform.Management.Tests.Architecture;

/// <summary>Reads from the compiled code which types a type uses: in its members and inside its methods.</summary>
internal static class Compiled
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>The types that a type uses, itself included.</summary>
    public static HashSet<Type> UsedBy(Type type)
    {
        var used = new HashSet<Type>();
        Add(used, type.BaseType);
        foreach (var part in type.GetInterfaces()) Add(used, part);
        foreach (var field in type.GetFields(Own)) Add(used, field.FieldType);
        foreach (var method in type.GetMethods(Own).Cast<MethodBase>().Concat(type.GetConstructors(Own)))
        {
            if (method is MethodInfo returning) Add(used, returning.ReturnType);
            foreach (var parameter in method.GetParameters()) Add(used, parameter.ParameterType);
            if (method.GetMethodBody() is { } body) Read(used, method, body);
        }
        return used;
    }

    private static void Read(HashSet<Type> used, MethodBase method, MethodBody body)
    {
        foreach (var local in body.LocalVariables) Add(used, local.LocalType);
        var (il, at) = (body.GetILAsByteArray()!, 0);
        Type[] ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : [];
        Type[] ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        while (at < il.Length)
        {
            short value = il[at++];
            if (value == 0xFE) value = unchecked((short)(0xFE00 | il[at++]));
            var code = Codes[value];
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                var member = method.Module.ResolveMember(BitConverter.ToInt32(il, at), ofType, ofMethod)!;
                Add(used, member as Type ?? member.DeclaringType);
                if (member is MethodInfo { IsGenericMethod: true } called) foreach (var argument in called.GetGenericArguments()) Add(used, argument);
            }
            at += SizeOf(code.OperandType, il, at);
        }
    }

    private static int SizeOf(OperandType operand, byte[] il, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
        _ => 4,
    };

    private static void Add(HashSet<Type> used, Type? type)
    {
        if (type is null) return;
        if (type.HasElementType) Add(used, type.GetElementType());
        if (type.IsGenericType) foreach (var argument in type.GetGenericArguments()) Add(used, argument);
        used.Add(type);
    }
}
