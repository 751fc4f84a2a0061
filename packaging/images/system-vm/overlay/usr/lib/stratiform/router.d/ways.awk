# Compares the ways file with the rules and tables that are there and prints the "ip -batch" lines that close the gap: what has an address
# of a line, or the gateway's number as its mark, goes out by that gateway. Its table has that number, too. Addresses of guests, of their
# neighbours and of the public networks themselves are found before.
function bad(why) {
    print "ways line " FNR ": " why
    failed = 1
    exit 1
}
function number(ip, form,    part) {
    split(ip, part, ".")
    return sprintf(form, part[1], part[2], part[3], part[4])
}
function rule(text) {
    wanted[text]
    if (!(text in there)) print "rule add pref " text
    there[text]
}
part == "rules" {
    if ($1 !~ /^10[012]:$/) next
    sub(/:/, "", $1)
    $1 = $1
    there[$0]
    next
}
part == "tables" {
    for (i = 6; i < NF; i++) if ($1 == "default" && $i == "table" && $(i + 1) >= 16777216) out[$(i + 1)] = $2 " " $3 " " $4 " " $5
    next
}
NF != 3 || $1 !~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/ || $2 !~ /^p-[0-9a-z]+$/ || $3 !~ /^[0-9.]+(,[0-9.]+)*$/ { bad("not 'GATEWAY DEVICE IP[,IP...]'") }
{
    split($1, byte, ".")
    table = sprintf("%.0f", ((byte[1] * 256 + byte[2]) * 256 + byte[3]) * 256 + byte[4])
    if (table in led) bad("the gateway " $1 " is there twice")
    led[table]
    # What happens to a card may take its routes along.
    if (gap || out[table] != "via " $1 " dev " $2) print "route replace default via " $1 " dev " $2 " onlink table " table
    rule("100 from all lookup main suppress_prefixlength 0")
    rule("101 from all fwmark " number($1, "0x%x%02x%02x%02x") " lookup " table)
    n = split($3, list, ",")
    for (i = 1; i <= n; i++) rule("102 from " list[i] " lookup " table)
}
END {
    if (failed) exit 1
    for (text in there) if (!(text in wanted)) print "rule del pref " text
    for (table in out) if (out[table] != "" && !(table in led)) print "route flush table " table
}
