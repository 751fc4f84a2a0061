# The store of files by hash, the incoming manifest and the trees made from it.

# The generation in a manifest's first line, 0 when there is none.
generation_of() {
    generation=0
    [ -e "$1" ] && read -r _ generation <"$1"
    echo "$generation"
}

missing() {
    cat >"$base/incoming.new"
    awk -f "$lib/manifest.awk" "$base/incoming.new" || exit 2
    mv "$base/incoming.new" "$base/incoming"
    list_missing
}

# The hashes in the incoming manifest that the store lacks; one process, however many files.
list_missing() {
    ls "$base/files" |
        awk '!wanted { have[$1]; next } FNR > 1 && !($1 in have) && !seen[$1]++ { print $1 }' - wanted=1 "$base/incoming"
}

receive() {
    unpacked=$base/receiving
    rm -rf "$unpacked"
    mkdir -m 700 "$unpacked" && cd "$unpacked" || exit 4
    if ! tar -xof "$1"; then
        rm -rf "$unpacked" "$1"
        quit 2 "cannot unpack $1"
    fi
    rm -f "$1"
    # Anything that is not a plain file named by its own hash spoils the delivery.
    if [ -n "$(find . -mindepth 1 ! -type f)" ] ||
        ! find . -type f -print0 | xargs -0 -r sha256sum | awk '$2 != "./" $1 { print "router: wrong content: " $2 > "/dev/stderr"; bad = 1 } END { exit bad }'; then
        rm -rf "$unpacked"
        quit 2 "the tar holds something else than files named by their hash"
    fi
    # The metadata service reads a file only when an index names it to it: the folder cannot be listed.
    chown -R root:metadata .
    chmod -R 440 .
    ls | xargs -r mv -t "$base/files"
    cd / && rm -rf "$unpacked"
}

# Makes the tree for the incoming manifest in $new: the old one's files linked, what differs copied.
build_tree() {
    rm -rf "$new"
    mkdir -m 2755 "$new" || return
    # The folder of trees passes its group on, so the index is the metadata service's to read and nobody else's.
    umask 027
    awk -v tree="$new" -v old="$old" -v store="$base/files" -v stamp="$stamp" -v changed="$changed" \
        -f "$lib/tree.awk" "$base/incoming" >"$run/tree.sh"
    umask 022
    sh "$run/tree.sh"
}

# The paths outside the guests' folders that two manifests have differently, on one line.
differing_paths() {
    awk 'FNR == 1 { file++; next }
        # Guests are many and nothing is reloaded for them.
        $3 ~ /^(metadata|userdata|passwords)\// { next }
        file == 1 { old[$3] = $1 $2; next }
        old[$3] != $1 $2 { printf " %s", $3 }
        { delete old[$3] }
        END { for (path in old) printf " %s", path; print " " }' "$1" "$2"
}

switch_to() {
    ln -sfn "trees/${1##*/}" "$base/current.new" && mv -T "$base/current.new" "$base/current"
}

# Removes the trees but the new one, and the files that the current manifest does not name.
prune() {
    for tree in "$base"/trees/*; do
        [ "$tree" = "$new" ] || rm -rf "$tree"
    done
    cd "$base/files" || return
    ls | awk 'named { if (FNR > 1) delete have[$1]; next } { have[$1] } END { for (hash in have) print hash }' \
        - named=1 "$base/current/manifest" >"$run/unused"
    [ ! -s "$run/unused" ] || xargs rm -f <"$run/unused"
}
