# What a router that is rebuilt hands to the one that takes its place: the connections it tracks, in the words that make them anew.

connections() { conntrack -L -o save 2>/dev/null | gzip -1; }

# Those that are open; what is being opened or closed comes again by itself. What is tracked here already stays as it is. conntrack reads
# all of a file before it begins, at 1.5 KiB for each line: as many as a router holds, at once, would leave it no memory.
adopt() {
    handed=$1
    [ "$1" != - ] || { handed=$run/handed && cat >"$handed"; }
    [ ! -s "$handed" ] || gzip -dc <"$handed" | awk -v parts="$handed.part." '
        !/^-A .* -p (udp|icmp) |^-A .* -p tcp .* --state ESTABLISHED/ { next }
        n++ % 2000 == 0 { if (part) close(part); part = parts n }
        { print >part }'
    rm -f "$handed"
    adopted=0
    for part in "$handed".part.*; do
        [ ! -e "$part" ] || conntrack -R "$part" || adopted=1
        rm -f "$part"
    done
    make_known
    return $adopted
}

# Switches learn from any frame where its cards are now. Said more than once, since a card's door may open only in a moment.
make_known() {
    (
        for _ in 1 2 3 4 5; do
            awk '$2 == "guest" || $2 == "public" { gsub(/:/, "", $1); sub("/.*", "", $3); print $3, substr($2, 1, 1) "-" tolower($1) }' "$base/current/interfaces" |
                while read -r address card; do arping -q -U -c 3 -I "$card" "$address" & done
            usleep 200000
        done
    ) >/dev/null 2>&1 </dev/null &
}
