# Accepts a manifest or names its first bad line.
function bad(why) {
    print "router: manifest line " NR ": " why > "/dev/stderr"
    failed = 1
    exit 2
}
NR == 1 {
    if ($0 !~ /^generation [0-9]+$/) bad("not 'generation N'")
    next
}
NF != 3 { bad("not 'SHA256 MODE PATH'") }
length($1) != 64 || $1 ~ /[^0-9a-f]/ { bad("bad hash") }
$2 !~ /^0?[0-7][0-7][0-7]$/ { bad("bad mode") }
$3 !~ /^[A-Za-z0-9_.:@\/-]+$/ || $3 ~ /(^|\/)(\.\.?)?(\/|$)/ { bad("bad path") }
$3 in seen { bad("path given twice") }
{ seen[$3] }
END { if (!NR && !failed) bad("empty") }
