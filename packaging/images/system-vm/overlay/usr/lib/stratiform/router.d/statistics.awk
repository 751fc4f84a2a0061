# Reads HAProxy's "show stat": with want=counts prints what each rule has counted, else open connections and members as JSON members.
/^# / {
    sub(/^# /, "")
    for (i = 1; i <= NF; i++) column[$i] = i
    next
}
NF < 10 { next }
$column["svname"] == "FRONTEND" {
    if (want == "counts") print $1, $column["stot"] + 0, $column["req_tot"] + 0, $column["bin"] + 0, $column["bout"] + 0
    open = open (open == "" ? "" : ",") "{\"rule\":\"" $1 "\",\"connections\":" $column["scur"] + 0 "}"
    next
}
{
    up = $column["status"] ~ /^(UP|no check)/ ? "true" : "false"
    members = members (members == "" ? "" : ",") "{\"rule\":\"" $1 "\",\"member\":\"" $2 "\",\"up\":" up ",\"check\":\"" $column["check_status"] "\"}"
}
END { if (want != "counts") print "\"open\":[" open "],\"members\":[" members "]" }
