# The tree of what is in force, and the store of what guests read: there it is found by hash and never copied.

# Lays the packed tar out as $new and moves the guests' files into the store.
unpack() {
    rm -rf "$new"
    # The folder's group is the metadata service's, which may read what the tar lets groups read.
    mkdir -m 2755 "$new" && tar -xzof "$1" -C "$new"
    unpacked=$?
    [ "$1" = - ] || rm -f "$1"
    [ $unpacked = 0 ] || return
    [ ! -e "$new/files" ] || { find "$new/files" -type f -exec mv -t "$base/files" {} + && rm -rf "$new/files"; }
}

# Prints the paths outside the guests' folders in which $new differs from $old, on one line.
# Leaves the guests' files that the store lacks in $run/missing, and what it need not keep in $run/unused.
compare() {
    before=/dev/null
    [ -z "$old" ] || before=$old/manifest
    : >"$run/missing" >"$run/unused"
    ls "$base/files" | awk -v tree="$new" -v missing="$run/missing" -v unused="$run/unused" \
        -f "$lib/manifest.awk" - part=old "$before" part=new "$new/manifest"
}

switch_to() {
    ln -sfn "trees/${1##*/}" "$base/current.new" && mv -T "$base/current.new" "$base/current"
}

# Removes the old tree and the guests' files that nothing names any more.
prune() {
    [ -z "$old" ] || rm -rf "$old"
    [ ! -s "$run/unused" ] || (cd "$base/files" && xargs rm -f <"$run/unused")
}
