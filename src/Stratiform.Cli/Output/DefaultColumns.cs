using System.Collections.Frozen;
using System.Text.Json;

namespace Stratiform.Cli.Output;

/// <summary>Which columns a list shows unless told otherwise: chosen for the nouns of every day, guessed for the rest.</summary>
internal static class DefaultColumns
{
    private const int MostGuessed = 7;
    private static readonly string[] Favourites =
        ["name", "displayname", "displaytext", "description", "state", "status", "type", "ipaddress", "account", "zonename", "created"];

    private static readonly FrozenDictionary<string, string> ByNoun = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["vm"] = "name,state,ip=nic.ipaddress,offering=serviceofferingname,cpus=cpunumber,memory:mib,"
                 + "template=templatename,zone=zonename,host=hostname",
        ["template"] = "name,ready=isready,status,format,size:bytes,hypervisor,os=ostypename,public=ispublic,zone=zonename",
        ["iso"] = "name,ready=isready,status,size:bytes,bootable,public=ispublic,zone=zonename",
        ["network"] = "name,state,type,cidr,offering=networkofferingname,zone=zonename,account",
        ["host"] = "name,state,resource=resourcestate,type,address=ipaddress,hypervisor,cpus=cpunumber,memory=memorytotal:bytes,"
                   + "used=memoryused:bytes,cluster=clustername,zone=zonename",
        ["zone"] = "name,allocation=allocationstate,type=networktype,dns=dns1,cidr=guestcidraddress",
        ["pod"] = "name,allocation=allocationstate,gateway,netmask,zone=zonename",
        ["cluster"] = "name,allocation=allocationstate,managed=managedstate,hypervisor=hypervisortype,pod=podname,zone=zonename",
        ["volume"] = "name,state,type,size:bytes,vm=vmname,device=deviceid,pool=storage,zone=zonename",
        ["snapshot"] = "name,state,volume=volumename,size=physicalsize:bytes,type=snapshottype,created:time",
        ["offering"] = "name,cpus=cpunumber,mhz=cpuspeed,memory:mib,custom=iscustomized,storage=storagetype,description=displaytext",
        ["disk-offering"] = "name,size=disksize:gib,custom=iscustomized,storage=storagetype,description=displaytext",
        ["network-offering"] = "name,state,type=guestiptype,traffic=traffictype,default=isdefault,description=displaytext",
        ["router"] = "name,state,role,network=guestnetworkname,public=publicip,guest=guestipaddress,host=hostname,zone=zonename",
        ["system-vm"] = "name,state,agent=agentstate,type=systemvmtype,public=publicip,private=privateip,host=hostname,zone=zonename",
        ["ssh-key"] = "name,fingerprint,account",
        ["storage-pool"] = "name,state,type,scope,size=disksizetotal:bytes,used=disksizeused:bytes,"
                           + "allocated=disksizeallocated:bytes,zone=zonename",
        ["image-store"] = "name,protocol,provider=providername,url,readonly,zone=zonename",
        ["event"] = "created:time,level,type,state,description,by=username",
        ["alert"] = "sent:time,name,description",
        ["job"] = "jobid,command=cmd,status=jobstatus,progress=jobprogress,created:time,completed:time",
        ["setting"] = "name,value,default=defaultvalue,category,description",
        ["account"] = "name,state,type=rolename,domain=domainpath,vms=vmtotal,volumes=volumetotal",
        ["user"] = "username,state,account,role=rolename,email",
        ["domain"] = "path,state,level",
        ["ip"] = "address=ipaddress,state,network=associatednetworkname,vm=virtualmachinename,"
                 + "source-nat=issourcenat,static-nat=isstaticnat,zone=zonename",
        ["workflow"] = "id,kind,phase,step,attempt,subjects,error,created:time",
        ["capacity"] = "type=name,used=capacityused,total=capacitytotal,percent=percentused,zone=zonename,cluster=clustername",
        ["tag"] = "key,value,type=resourcetype,resource=resourceid",
        ["os-type"] = "description,id",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyList<Column> For(string noun, IReadOnlyList<JsonElement> rows, string? asked, bool isWide)
    {
        if (asked is not null)
            return Column.ParseAll(asked);
        if (isWide)
            return [.. Wide(rows)];
        return ByNoun.TryGetValue(noun, out var known) ? Present(Column.ParseAll(known), rows) : [.. Guess(rows)];
    }

    /// <summary>Drops columns that no row fills, unless that leaves nothing; a user sees no hosts.</summary>
    private static IReadOnlyList<Column> Present(IReadOnlyList<Column> columns, IReadOnlyList<JsonElement> rows)
    {
        var filled = columns.Where(column => rows.Any(row => column.Of(row).Length > 0)).ToArray();
        return filled.Length > 0 ? filled : columns;
    }

    private static IEnumerable<Column> Guess(IReadOnlyList<JsonElement> rows)
    {
        var fields = ScalarFields(rows);
        var others = fields.Where(field => !field.EndsWith("id", StringComparison.Ordinal));
        var ordered = Favourites.Where(fields.Contains).Concat(others).Distinct();
        var chosen = ordered.Take(MostGuessed).ToList();
        if (!chosen.Contains("name") && fields.Contains("id"))
            chosen.Insert(0, "id");
        return chosen.Select(Column.Parse);
    }

    private static IEnumerable<Column> Wide(IReadOnlyList<JsonElement> rows) =>
        ScalarFields(rows).OrderBy(field => field switch { "id" => 0, "name" => 1, _ => 2 }).Select(Column.Parse);

    private static List<string> ScalarFields(IReadOnlyList<JsonElement> rows) =>
    [
        .. rows.Where(row => row.ValueKind == JsonValueKind.Object).SelectMany(row => row.EnumerateObject())
            .Where(field => field.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            .Select(field => field.Name).Distinct(StringComparer.Ordinal),
    ];
}
