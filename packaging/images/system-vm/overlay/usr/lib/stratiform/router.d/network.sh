# Interfaces, addresses, routes, filter rules and kernel settings.

# The network cards as lines "MAC NAME".
cards() {
    for card in /sys/class/net/*; do
        [ -e "$card/device" ] && read -r mac <"$card/address" && echo "$mac ${card##*/}"
    done
}

# Plain "ip" is the shell's own, which shows the same at a fraction of what starting a program costs.
plan_interfaces() {
    cards >"$run/cards"
    ip -o link >"$run/links"
    ip -o address >"$run/addresses"
    ip route >"$run/routes"
    awk -f "$lib/interfaces.awk" "$run/cards" part=links "$run/links" part=addresses "$run/addresses" part=routes "$run/routes" \
        part=wanted "$1/interfaces" >"$run/cards.plan"
    made=$?
    cat "$run/cards.plan"
    [ $made = 0 ] || return
    [ ! -e "$1/ways" ] && [ ! -e "$run/ways" ] || plan_ways "$1"
}

# Gateways besides that of the default route; most routers have none.
plan_ways() {
    ways=/dev/null
    [ ! -e "$1/ways" ] || ways=$1/ways
    [ ! -s "$run/cards.plan" ]
    gap=$?
    /usr/bin/ip rule >"$run/rules" && /usr/bin/ip route show table all >"$run/tables" &&
        awk -v gap=$gap -f "$lib/ways.awk" part=rules "$run/rules" part=tables "$run/tables" part=wanted "$ways"
}

check_interfaces() {
    [ -s "$1/interfaces" ] || { echo "no interfaces file"; return 1; }
    # A card that was plugged in a moment ago may still be on its way.
    tries=0
    until plan_interfaces "$1" >"$run/interfaces.plan"; do
        tries=$((tries + 1))
        [ $tries -lt 20 ] || { tail -n 1 "$run/interfaces.plan"; return 1; }
        usleep 100000
    done
    planned=$1
}

load_interfaces() {
    [ "${planned-}" = "$1" ] || plan_interfaces "$1" >"$run/interfaces.plan" || return
    planned=
    [ ! -e "$1/ways" ] || : >"$run/ways"
    [ ! -s "$run/interfaces.plan" ] || { /usr/bin/ip -batch "$run/interfaces.plan" && announce "$run/interfaces.plan"; } || return
    [ -e "$1/ways" ] || rm -f "$run/ways"
}

# Neighbours may remember a new address at another router, or at a guest that had it.
announce() {
    awk '$1 == "address" && $2 == "add" && $5 ~ /^[gps]-/ { sub("/.*", "", $3); print $3, $5 }' "$1" |
        while read -r address card; do
            arping -q -U -c 1 -I "$card" "$address" >/dev/null 2>&1 8>&- &
        done
}

check_routes() { [ ! -e "$1/routes" ] || ! grep -vE '^[0-9.]+/[0-9]+ [0-9.]+$' "$1/routes"; }

# Routes besides those of the cards, under a number of their own. A card that goes takes its routes along.
load_routes() {
    [ -e "$1/routes" ] || [ -s "$run/routes.plan" ] || return 0
    : >"$run/routes.plan"
    [ ! -e "$1/routes" ] || awk '{ sub("/32$", "", $1); print "route replace " $1 " via " $2 " proto 42" }' "$1/routes" >"$run/routes.plan"
    /usr/bin/ip route show proto 42 >"$run/routes.old" &&
        awk '!old { want[$3]; next } !($1 in want) { print "route del " $1 " proto 42" }' "$run/routes.plan" old=1 "$run/routes.old" >"$run/routes.gone" &&
        cat "$run/routes.gone" "$run/routes.plan" | /usr/bin/ip -batch -
}

check_nft() {
    [ -s "$1/nft.rules" ] || { echo "no nft.rules file"; return 1; }
    changed nft.rules || return 0
    # Without it the new rules would only be added to the old ones; what traffic was counted is of another family and stays.
    grep -qx 'flush ruleset inet' "$1/nft.rules" || { echo "nft.rules does not start with 'flush ruleset inet'"; return 1; }
}

# Loads the rules of a tree; of those in force, if their tree is named too, only what differs. That is for as long as nothing has looked
# whether they drifted: see settle.
load_nft() {
    changed nft.rules || return 0
    [ -z "${2-}" ] || ! load_differing "$1/nft.rules" "$2/nft.rules" || return 0
    if [ -e "$run/counting" ]; then
        nft -f "$1/nft.rules"
    else
        cat "$1/nft.rules" "$lib/traffic.nft" | nft -f - && : >"$run/counting"
    fi && rm -f "$run/piecemeal"
}

# Few rules are loaded as fast as they are compared.
load_differing() {
    [ "$(stat -c %s "$1")" -gt 32768 ] && awk -f "$lib/chains.awk" "$2" "$1" >"$run/nft.differing" &&
        : >"$run/piecemeal" && nft -f "$run/nft.differing" 2>/dev/null
}

# Loads as a whole what came piece by piece, so that nothing stays that somebody else had left between the pieces.
settle() {
    [ ! -e "$run/piecemeal" ] || { changed=" nft.rules " && load_nft "$base/current"; }
}

# Prints what each address and card has received and sent since the boot, as one JSON object.
traffic() {
    read -r booted </proc/sys/kernel/random/boot_id
    # Somebody may have flushed it.
    counted=$(nft list table ip traffic 2>/dev/null) || [ ! -e "$run/counting" ] || nft -f "$lib/traffic.nft" || return
    echo "{\"booted\":\"$booted\",$(echo "$counted" | awk -f "$lib/traffic.awk")}"
}

check_sysctl() {
    [ ! -e "$1/sysctl" ] || ! grep -vE '^([a-z0-9_][A-Za-z0-9_./-]* *= *[-A-Za-z0-9_. ]*|#.*|)$' "$1/sysctl"
}

load_sysctl() {
    [ -e "$1/aside" ]
    echo $? >/proc/sys/net/ipv4/ip_forward
    ! changed sysctl || [ ! -e "$1/sysctl" ] || sysctl -q -p "$1/sysctl"
}

load_hostname() { ! changed hostname || [ ! -e "$1/hostname" ] || hostname -F "$1/hostname"; }
