# Turns a manifest into shell commands that lay out a tree, and the guests' part into an index.
# What guests read stays in the store: a file per guest would cost a process each to link.
BEGIN {
    print "set -e"
    print "cd " tree
    if (old != "") {
        print "cp -al " old "/. ."
        # Written anew, never through a link into the old tree.
        print "rm -rf manifest guests" (changed == " " ? "" : changed)
    }
    print "mv " tree "/../index guests"
    print "cp " store "/../incoming manifest"
    index_file = tree "/../index"
}
NR == 1 { print $0, stamp > index_file; next }
$3 ~ /^(metadata|userdata|passwords)\// { print $3, $1 > index_file; next }
old != "" && !index(changed, " " $3 " ") { next }
{
    folder = $3
    if (sub(/\/[^\/]*$/, "", folder) && !made[folder]++) print "mkdir -p " folder
    print "cp " store "/" $1 " " $3
    modes[$2] = modes[$2] " " $3
}
END { for (mode in modes) print "chmod " mode modes[mode] }
