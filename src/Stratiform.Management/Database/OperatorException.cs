namespace Stratiform.Management.Database;

/// <summary>The server cannot go on until its operator puts something right.</summary>
/// <param name="text">What is wrong and, where one exists, the command to run.</param>
/// <param name="inner">What was thrown.</param>
public sealed class OperatorException(string text, Exception? inner = null) : Exception(text, inner);
