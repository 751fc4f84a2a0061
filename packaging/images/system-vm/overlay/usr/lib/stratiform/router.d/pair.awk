# Accepts a pair file beside the interfaces file, or says what is wrong with it.
FNR == NR { if ($2 == "guest") guest[tolower($1)]; next }
NF != 2 + ($1 == "peer") { bad("line " FNR " is not as agreed") }
{ value[$1] = $2 }
$1 == "peer" { mac = tolower($3) }
END {
    if (failed) exit 1
    if (!number(value["group"], 255)) bad("no group from 1 to 255")
    if (!number(value["priority"], 254)) bad("no priority from 1 to 254")
    if (!(tolower(value["card"]) in guest)) bad("no guest card has the MAC " value["card"])
    if (!address(value["own"])) bad("no own address")
    if (!address(value["peer"]) || value["peer"] == value["own"]) bad("no address of the other one")
    if (mac !~ /^([0-9a-f][0-9a-f]:)+[0-9a-f][0-9a-f]$/ || length(mac) != 17) bad("no MAC of the other one")
}
function number(text, most) { return text ~ /^[0-9]+$/ && text >= 1 && text + 0 <= most }
function address(text) { return text ~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/ }
function bad(why) {
    if (!failed) print "pair: " why
    failed = 1
    exit 1
}
