namespace Stratiform.Management.Api;

/// <summary>How a parameter's text is read; the name in lower case is the type that listApis shows.</summary>
internal enum ParameterKind
{
    Boolean,
    Integer,
    Long,
    Double,
    String,
    Uuid,
    Date,
    List,
    Map,
}
