# One generation: unpack it, check what has changed, switch, load, or go back.

# Prints what is in force as one JSON object, with the members in $1 added.
answer() {
    read -r booted </proc/sys/kernel/random/boot_id
    taken=
    [ -e "$base/taken/serials" ] &&
        taken=$(awk '/^[0-9]+$/ && !seen[$1]++ { printf "%s%s", n++ ? "," : "", $1 }' "$base/taken/serials")
    generation=0
    [ -e "$base/current" ] && read -r _ generation _ <"$base/current/manifest"
    pair=
    [ ! -e "$base/current/pair" ] || pair=",\"pair\":\"$(pair_state)\""
    echo "{\"generation\":$generation,\"booted\":\"$booted\",\"passwords_taken\":[$taken]$pair${1:+,$1}}"
}

# The members $1 and "text" from a part's name and its output on stdin.
quote() { tail -c 2000 | awk -v name="$1" -v part="$2" -f "$lib/quote.awk"; }

failure() { quote failed "$1"; }

apply() {
    old= new=$base/trees/a applied=0 in_force=
    if [ -e "$base/current" ]; then
        old=$base/$(readlink "$base/current")
        [ "$old" != "$new" ] || new=$base/trees/b
        read -r _ applied in_force <"$old/manifest"
    fi
    part=tree
    unpack "$1" >"$run/output" 2>&1 || give_up
    changed=$(compare 2>"$run/output") || { rm -rf "$new" && quit 2 "$(cat "$run/output")"; }
    read -r _ wanted stamp <"$new/manifest"
    if [ "$wanted" -lt "$applied" ]; then
        rm -rf "$new"
        answer "$(echo "generation $wanted was sent, $applied is applied" | failure generation)"
        exit 3
    fi
    if [ "$wanted $stamp" = "$applied $in_force" ]; then
        rm -rf "$new"
        answer
        return
    fi
    if [ -s "$run/missing" ]; then
        rm -rf "$new"
        answer "\"missing\":[$(awk '{ printf "%s\"%s\"", n++ ? "," : "", $1 }' "$run/missing")]"
        exit 5
    fi

    # The filter comes first: no address is reachable before its rules are in force. If it fails, nothing has happened yet.
    check "$new" && part nft load_nft "$new" "$old" || give_up
    switch_to "$new"
    load "$(part_of "$new")" || go_back
    prune
    take_turn
    answer
}

# Runs one part with its output kept; the last one run is the one that failed.
part() {
    part=$1
    shift
    "$@" >"$run/output" 2>&1 </dev/null
}

changed() {
    case $changed in
    *" $1"*) return 0 ;;
    *) return 1 ;;
    esac
}

# What has not changed was checked when it came, and at first there is nothing that a daemon's bad configuration could end.
check() {
    part interfaces check_interfaces "$1" && part pair check_pair "$1" && part routes check_routes "$1" && part nft check_nft "$1" && part sysctl check_sysctl "$1" || return
    [ -z "$old" ] || { part dnsmasq check_dnsmasq "$1" && part haproxy check_haproxy "$1"; }
}

load() {
    part interfaces load_interfaces "$1" &&
        part routes load_routes "$1" &&
        part sysctl load_sysctl "$1" &&
        part hostname load_hostname "$1" &&
        part dnsmasq load_dnsmasq "$1" &&
        part metadata load_metadata "$1" &&
        part haproxy load_haproxy "$1" &&
        part swanctl load_swanctl "$1" &&
        part pair load_pair "$1"
}

give_up() {
    text=$(failure "$part" <"$run/output")
    rm -rf "$new"
    answer "$text"
    exit 4
}

go_back() {
    text=$(failure "$part" <"$run/output")
    if [ -n "$old" ]; then
        switch_to "$old"
        # Each part on its own: one that cannot go back must not keep the others from it.
        mine=$(part_of "$old")
        for name in nft interfaces routes sysctl hostname dnsmasq metadata haproxy swanctl pair; do
            part "$name" "load_$name" "$mine"
        done
    else
        rm -f "$base/current"
        stop_everything >/dev/null 2>&1
    fi
    rm -rf "$new"
    answer "$text"
    exit 4
}
