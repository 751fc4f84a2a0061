# Accepts a manifest or names its first bad line, and compares it with the store and with the one in force: see compare.
function bad(why) {
    print "manifest line " FNR ": " why > "/dev/stderr"
    failed = 1
    exit 2
}
!part { has[$1]; next }
part == "old" { if (FNR > 1) before[$1] = $2; next }
FNR == 1 {
    if ($0 !~ /^generation [0-9]+ [0-9a-f]+$/) bad("not 'generation N STAMP'")
    header = 1
    next
}
NF != 2 { bad("not 'PATH SHA256'") }
$1 !~ /^[A-Za-z0-9_.:@\/-]+$/ || $1 ~ /(^|\/)(\.\.?)?(\/|$)/ { bad("bad path") }
length($2) != 64 || $2 ~ /[^0-9a-f]/ { bad("bad hash") }
$1 in seen { bad("path given twice") }
{ seen[$1] }
$1 ~ /^(metadata|userdata|passwords)\// { wanted[$2]; next }
{
    if ((getline line < (tree "/" $1)) < 0) bad("the file is not in the tar")
    close(tree "/" $1)
    if (before[$1] != $2) differing = differing " " $1
}
END {
    if (failed) exit 2
    if (!header) { FNR = 0; bad("empty") }
    for (hash in wanted) if (!(hash in has)) print hash > missing
    for (hash in has) if (!(hash in wanted)) print hash > unused
    # Guests are many and nothing is reloaded for them.
    for (path in before) if (!(path in seen) && path !~ /^(metadata|userdata|passwords)\//) differing = differing " " path
    print differing " "
}
