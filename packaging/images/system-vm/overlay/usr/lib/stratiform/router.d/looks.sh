# What a router looks at in itself: whether its daemons run, and whether kernel and cards still have what was put in force.
# Each look prints why it is not well, and nothing else.

looks="dnsmasq metadata haproxy vpn interfaces filter forwarding memory gateway"
[ ! -e "$base/current/pair" ] || looks="$looks pair"

runs() { [ ! -e "$1" ] || running "$2" "$3" || echo "$3 does not run"; }
look_dnsmasq() { runs "$(here)/dnsmasq.conf" "$run/dnsmasq.pid" dnsmasq; }
look_metadata() { runs "$run/metadata.cfg" "$run/metadata.pid" haproxy; }
look_haproxy() { runs "$(here)/haproxy.cfg" "$run/haproxy.pid" haproxy; }
look_vpn() { runs "$(here)/swanctl/swanctl.conf" /run/charon.pid charon; }

look_interfaces() {
    plan_interfaces "$(here)" >"$run/look.plan" || { tail -n 1 "$run/look.plan"; return; }
    [ ! -s "$run/look.plan" ] || echo "not as configured, it lacks: $(head -n 1 "$run/look.plan")"
}

# What the kernel has is remembered at the first look at a configuration.
look_filter() {
    settle || return
    read -r stamp <"$base/current/manifest"
    sum=$(nft -s list ruleset inet | sha256sum)
    if [ ! -s "$run/filter.seen" ] || [ "$(head -n 1 "$run/filter.seen")" != "$stamp" ]; then
        printf '%s\n%s\n' "$stamp" "$sum" >"$run/filter.seen"
    fi
    [ "$(tail -n 1 "$run/filter.seen")" = "$sum" ] || echo "rules are not as they were loaded"
}

look_forwarding() {
    read -r on </proc/sys/net/ipv4/ip_forward
    if [ -e "$(here)/aside" ]; then
        [ "$on" = 0 ] || echo "packets are forwarded"
    else
        [ "$on" = 1 ] || echo "packets are not forwarded"
    fi
}

look_memory() {
    awk '$1 == "MemTotal:" { all = $2 } $1 == "MemAvailable:" { free = $2 }
        END { if (free * 20 < all) printf "%d of %d KiB are available\n", free, all }' /proc/meminfo
}

look_gateway() {
    set -- $(awk 'NF == 5 && $2 ~ /^public/ && !done { gsub(/:/, "", $1); print $5, $2 == "public" ? "p-" tolower($1) : "p-v" substr($2, 8); done = 1 }' "$(here)/interfaces")
    [ $# = 2 ] || return
    arping -q -c 2 -w 3 -I "$2" "$1" >/dev/null 2>&1 8>&- || echo "$1 does not answer"
}

# Looks at everything, prints what was found as one JSON object, and puts in force again what had drifted.
look() {
    drifted=
    : >"$run/looks"
    for name in $looks; do
        text=$("look_$name" 2>&1)
        echo "$text" | quote look "$name" >>"$run/looks"
        case $name:$text in
        filter:?*) drifted="$drifted nft" ;;
        interfaces:?*) drifted="$drifted interfaces" ;;
        forwarding:?*) drifted="$drifted sysctl" ;;
        esac
    done
    pair=
    [ ! -e "$base/current/pair" ] || pair=",\"pair\":\"$(pair_state)\""
    awk -v pair="$pair" '{ list = list (NR > 1 ? "," : "") "{" $0 "}" } END { print "{\"looks\":[" list "]" pair "}" }' "$run/looks"
    mend
}

mend() {
    changed=" interfaces nft.rules sysctl "
    for name in $drifted; do
        echo "router: $name had drifted, putting it in force again" >/dev/console
        "load_$name" "$(here)" >/dev/console 2>&1
    done
}
