# One generation: check everything, switch, load everything, or go back.

status() {
    read -r booted </proc/sys/kernel/random/boot_id
    taken=
    [ -e "$base/taken/serials" ] &&
        taken=$(awk '/^[0-9]+$/ && !seen[$1]++ { printf "%s%s", n++ ? "," : "", $1 }' "$base/taken/serials")
    echo "{\"generation\":$(generation_of "$base/current/manifest"),\"booted\":\"$booted\",\"passwords_taken\":[$taken]}"
}

apply() {
    [ -s "$base/incoming" ] || quit 2 "no manifest has been sent"
    wanted=$(generation_of "$base/incoming")
    applied=$(generation_of "$base/current/manifest")
    if [ "$wanted" -lt "$applied" ] || [ "${1:-$wanted}" != "$wanted" ]; then
        echo "generation $wanted was sent, $applied is applied, ${1:-$wanted} is asked for" | failure generation
        exit 3
    fi
    if [ "$wanted" = "$applied" ] && cmp -s "$base/incoming" "$base/current/manifest"; then
        echo "{\"generation\":$wanted}"
        return
    fi
    if [ -n "$(list_missing)" ]; then
        echo "$(list_missing | wc -l) files have not been sent" | failure files
        exit 4
    fi

    old=
    changed=" all "
    if [ -e "$base/current" ]; then
        old=$base/$(readlink "$base/current")
        changed=$(differing_paths "$old/manifest" "$base/incoming")
    fi
    stamp=$(sha256sum <"$base/incoming")
    stamp=${stamp%% *}
    new=$base/trees/$wanted.${stamp%"${stamp#????????}"}
    part tree build_tree && check "$new" || give_up
    switch_to "$new"
    load "$new" || go_back
    prune
    echo "{\"generation\":$wanted}"
}

# Runs one part with its output kept; the last one run is the one that failed.
part() {
    part=$1
    shift
    "$@" >"$run/output" 2>&1 </dev/null
}

changed() {
    case $changed in
    *" all "* | *" $1"*) return 0 ;;
    *) return 1 ;;
    esac
}

# What has not changed was checked when it came.
check() {
    part interfaces check_interfaces "$1" &&
        part nft check_nft "$1" &&
        part sysctl check_sysctl "$1" &&
        part dnsmasq check_dnsmasq "$1" &&
        part haproxy check_haproxy "$1"
}

# The filter comes first: no address is reachable before its rules are in force.
load() {
    part nft load_nft "$1" &&
        part interfaces load_interfaces "$1" &&
        part sysctl load_sysctl "$1" &&
        part hostname load_hostname "$1" &&
        part dnsmasq load_dnsmasq "$1" &&
        part metadata load_metadata "$1" &&
        part haproxy load_haproxy "$1" &&
        part swanctl load_swanctl "$1"
}

give_up() {
    failure "$part" <"$run/output"
    rm -rf "$new"
    exit 4
}

go_back() {
    text=$(failure "$part" <"$run/output")
    if [ -n "$old" ]; then
        switch_to "$old"
        # Each part on its own: one that cannot go back must not keep the others from it.
        for name in nft interfaces sysctl hostname dnsmasq metadata haproxy swanctl; do
            part "$name" "load_$name" "$old"
        done
    else
        rm -f "$base/current"
        stop_everything >/dev/null 2>&1
    fi
    rm -rf "$new"
    echo "$text"
    exit 4
}
