# VPN connections: charon, and what it is told. Each connection is a file swanctl/conf.d/NAME.conf; one that changes leaves the others alone.
# Whom swanctl/users.conf names comes in by swanctl/clients.conf; users who come or go leave the others alone, too.

start_charon() {
    running /run/charon.pid charon && return
    rm -f "$run/charon.vici" /run/charon.pid
    /usr/sbin/modprobe -a xfrm_user esp4 drbg authenc echainiv 2>/dev/null
    # What one that was killed left in the kernel would stand in the way.
    /usr/bin/ip xfrm policy flush
    /usr/bin/ip xfrm state flush
    setsid /usr/lib/ipsec/charon >/dev/null 2>&1 </dev/null 8>&- &
    tries=0
    until [ -S "$run/charon.vici" ]; do
        tries=$((tries + 1))
        [ $tries -lt 100 ] || { echo "charon does not start"; return 1; }
        usleep 100000
    done
}

# The names of connections whose files have changed, come or gone.
changed_connections() {
    for path in $changed; do
        case $path in
        swanctl/clients.conf) echo clients-eap clients-xauth ;;
        swanctl/conf.d/*.conf)
            path=${path##*/}
            echo "${path%.conf}"
            ;;
        esac
    done
}

# Ends what clients have whose name the file does not hold.
cut_off_strangers() {
    [ -e "$1" ] || return 0
    swanctl --list-sas | awk -f "$lib/strangers.awk" "$1" sas=1 - >"$run/strangers"
    while read -r id; do
        swanctl --terminate --ike-id "$id" --force --timeout 2 >/dev/null 2>&1 </dev/null
    done <"$run/strangers"
}

# The networks' connections of one that is to begin by itself.
beginning() { awk '/^ *net[0-9]+ \{/ { child = $1 } /start_action = .*start/ { print child }' "$1"; }

load_swanctl() {
    [ -e "$1/swanctl/swanctl.conf" ] || { stop /run/charon.pid charon; return; }
    changed swanctl/ || ! running /run/charon.pid charon || return 0
    start_charon || return
    for name in $(changed_connections); do
        swanctl --terminate --ike "$name" --force --timeout 2 >/dev/null 2>&1
    done
    SWANCTL_DIR="$1/swanctl" swanctl --load-all --noprompt >"$run/swanctl" 2>&1
    loaded=$?
    grep -v '^opening directory' "$run/swanctl"
    [ $loaded = 0 ] || return $loaded
    ! changed swanctl/users.conf || cut_off_strangers "$1/swanctl/users.conf"
    # Loading lets those begin that are new or differ in more than their keys.
    for name in $(changed_connections); do
        [ -e "${old-}/swanctl/conf.d/$name.conf" ] && [ -e "$1/swanctl/conf.d/$name.conf" ] || continue
        [ -z "$(swanctl --list-sas --ike "$name")" ] || continue
        for child in $(beginning "$1/swanctl/conf.d/$name.conf"); do
            swanctl --initiate --ike "$name" --child "$child" --timeout 1 >/dev/null 2>&1 8>&- &
        done
    done
}

# Prints how each connection stands: up when all of its networks' keys are there, connecting when anything is.
tunnels() {
    : >"$run/sas"
    answers=1
    swanctl --list-sas >"$run/sas" 2>/dev/null || answers=0
    for file in "$base/current/swanctl/conf.d"/*.conf; do
        [ -e "$file" ] || continue
        name=${file##*/}
        name=${name%.conf}
        awk -v name="$name" -v answers=$answers -f "$lib/tunnel.awk" "$file" sas=1 "$run/sas"
    done | awk '{ list = list (NR > 1 ? "," : "") $0 } END { print "{\"tunnels\":[" list "]}" }'
}
