# Compares the interfaces file with what is there and prints the "ip -batch" lines that close the gap.
# A card is called after its role and MAC, so that rules can name it ("g-*") wherever it is plugged in; what of a public card is on a VLAN is
# a device of its own, called after that: "p-v123".
function bad(why) {
    print "interfaces line " FNR ": " why
    failed = 1
    exit 1
}
function order(line) {
    orders = orders line "\n"
    gap = 1
}
BEGIN { split("guest public management side", roles); for (i in roles) known[roles[i]] }
!part { named[$1] = $2; next }
part == "links" {
    name = substr($2, 1, length($2) - 1)
    sub(/@.*/, "", name)
    up[name] = $3 ~ /[<,]UP[,>]/
    mtu[name] = $5
    next
}
part == "addresses" { if (/scope global/) has[$2] = has[$2] " " $4; next }
part == "routes" { if ($1 == "default") default_route = $2 " " $3 " " $4 " " $5; next }
/^[ \t]*(#|$)/ { next }
NF < 4 || NF > 5 { bad("not 'MAC ROLE CIDR[,CIDR...] MTU [GATEWAY]'") }
{
    mac = tolower($1)
    role = $2
    vlan = ""
    if (role ~ /^public\.[0-9]+$/) {
        vlan = substr(role, 8)
        role = "public"
    }
}
!(mac in named) { bad("no card has the MAC " mac) }
(mac, vlan) in used { bad("the MAC " mac " is used twice") }
!(role in known) { bad("unknown role " $2) }
vlan != "" && (vlan !~ /^[1-9]/ || vlan > 4094) { bad("bad VLAN " vlan) }
vlan != "" && card[mac] !~ /^p-/ { bad("a VLAN comes behind its public card") }
$3 !~ /^(-|[0-9a-f.:]+\/[0-9]+(,[0-9a-f.:]+\/[0-9]+)*)$/ { bad("bad addresses " $3) }
$4 !~ /^[0-9]+$/ || $4 < 576 || $4 > 65535 { bad("bad MTU " $4) }
$5 !~ /^[0-9.]*$/ { bad("bad gateway " $5) }
{
    used[mac, vlan]
    if (vlan == "") {
        old = named[mac]
        name = mac
        gsub(/:/, "", name)
        name = card[mac] = substr(role, 1, 1) "-" name
    } else {
        old = name = "p-v" vlan
        tagged[name]
        if (!(name in up)) order("link add link " card[mac] " name " name " type vlan id " vlan)
    }
    if (old != name) {
        order("link set dev " old " down")
        order("link set dev " old " name " name)
    }
    if (old != name || !up[old] || mtu[old] != $4) order("link set dev " name " mtu " $4 " up")
    split("", want)
    n = $3 == "-" ? 0 : split($3, list, ",")
    for (i = 1; i <= n; i++) want[list[i]]
    m = split(has[old], list2, " ")
    split("", present)
    for (i = 1; i <= m; i++) {
        present[list2[i]]
        if (!(list2[i] in want)) order("address del " list2[i] " dev " name)
    }
    for (i = 1; i <= n; i++)
        if (!(list[i] in present)) order("address add " list[i] " dev " name (list[i] ~ /:/ ? " nodad" : " broadcast +"))
    if ($5 != "" && gateway == "") {
        gateway = $5
        way_out = "via " $5 " dev " name
    }
}
END {
    if (failed) exit 1
    for (name in up) if (name ~ /^p-v/ && !(name in tagged)) order("link delete dev " name)
    # First, since it goes by itself with the last address of its card.
    if (gateway == "" && default_route != "") print "route del default"
    printf "%s", orders
    for (mac in named)
        if (!(mac in card)) {
            if (has[named[mac]] != "") print "address flush dev " named[mac] " scope global"
            if (up[named[mac]]) print "link set dev " named[mac] " down"
        }
    # What happens to a card may take its routes along.
    if (gateway != "" && (gap || default_route != way_out)) print "route replace default " way_out " onlink"
}
