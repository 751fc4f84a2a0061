# The daemons. They get no copy of the lock (descriptor 8), or it would never be free again.

# True when the process that PIDFILE names is there and is called NAME.
running() {
    [ -s "$1" ] && read -r pid <"$1" && [ -e "/proc/$pid/comm" ] && read -r comm <"/proc/$pid/comm" && [ "$comm" = "$2" ]
}

stop() {
    running "$1" "$2" || return 0
    kill "$pid"
    tries=0
    while running "$1" "$2"; do
        tries=$((tries + 1))
        [ $tries -lt 50 ] || kill -9 "$pid"
        usleep 50000
    done
    # Some take it away themselves, at the same moment.
    rm -f "$1" 2>/dev/null || :
}

check_dnsmasq() {
    changed dnsmasq.conf && [ -e "$1/dnsmasq.conf" ] || return 0
    dnsmasq --test --conf-file="$1/dnsmasq.conf"
}

start_dnsmasq() {
    dnsmasq --conf-file="$base/current/dnsmasq.conf" --pid-file="$run/dnsmasq.pid" --user=dnsmasq --group=dnsmasq \
        --dhcp-leasefile=/var/lib/misc/dnsmasq.leases 8>&-
}

# A lease that contradicts the new hosts would keep its address from the new owner.
stale_leases() {
    [ -s /var/lib/misc/dnsmasq.leases ] && [ -e "$1/dnsmasq.hosts" ] &&
        awk -v keep="$2" -f "$lib/leases.awk" "$1/dnsmasq.hosts" leases=1 /var/lib/misc/dnsmasq.leases
}

load_dnsmasq() {
    [ -e "$1/dnsmasq.conf" ] || { stop "$run/dnsmasq.pid" dnsmasq; return; }
    if ! changed dnsmasq.conf && running "$run/dnsmasq.pid" dnsmasq; then
        changed dnsmasq.hosts || changed hosts || return 0
        if [ -z "$(stale_leases "$1" 0)" ]; then
            kill -HUP "$pid"
            return
        fi
    fi
    stop "$run/dnsmasq.pid" dnsmasq
    if [ -n "$(stale_leases "$1" 0)" ]; then
        stale_leases "$1" 1 >/var/lib/misc/dnsmasq.leases.new
        mv /var/lib/misc/dnsmasq.leases.new /var/lib/misc/dnsmasq.leases
    fi
    start_dnsmasq
}

write_metadata_config() {
    cat /usr/lib/stratiform/metadata.cfg
    for port in 80:metadata 8080:password; do
        echo "frontend ${port#*:}"
        awk -v port="${port%:*}" -f "$lib/binds.awk" "$1/interfaces"
        echo "    tcp-request connection track-sc0 src table guests"
        echo "    tcp-request connection reject if { sc0_conn_cur gt 16 }"
        echo "    http-request use-service lua.${port#*:}"
    done
}

load_metadata() {
    ! changed interfaces && running "$run/metadata.pid" haproxy && return
    if [ -e "$1/aside" ] || ! grep -q ' guest .*[0-9]\.' "$1/interfaces"; then
        stop "$run/metadata.pid" haproxy
        rm -f "$run/metadata.cfg"
        return
    fi
    write_metadata_config "$1" >"$run/metadata.cfg.new"
    if running "$run/metadata.pid" haproxy && cmp -s "$run/metadata.cfg.new" "$run/metadata.cfg"; then
        return
    fi
    mv "$run/metadata.cfg.new" "$run/metadata.cfg"
    start_metadata
}

start_metadata() {
    finish=
    running "$run/metadata.pid" haproxy && finish="-sf $pid"
    # shellcheck disable=SC2086
    haproxy -D -q -f "$run/metadata.cfg" -p "$run/metadata.pid" $finish 8>&-
}

# Certificates are named from the tree that they came in.
check_haproxy() {
    changed haproxy.cfg || changed certs/ || return 0
    [ -e "$1/haproxy.cfg" ] || return 0
    STATISTICS=8404 haproxy -C "$1" -c -q -f /usr/lib/stratiform/haproxy.cfg -f "$1/haproxy.cfg"
}

# The old process is asked what it has counted when the new one has its listeners too, and then ends with its last connection.
start_haproxy() {
    old_haproxy=
    running "$run/haproxy.pid" haproxy && old_haproxy=$pid
    # shellcheck disable=SC2086
    STATISTICS=$(next_statistics) haproxy -C "$base/current" -D -q -f /usr/lib/stratiform/haproxy.cfg -f "$base/current/haproxy.cfg" \
        -p "$run/haproxy.pid.new" ${old_haproxy:+-x $run/haproxy.sock} 8>&- || return
    note_counts
    [ -z "$old_haproxy" ] || kill -USR1 "$old_haproxy"
    next_statistics >"$run/haproxy.port.new"
    mv "$run/haproxy.port.new" "$run/haproxy.port"
    mv "$run/haproxy.pid.new" "$run/haproxy.pid"
}

load_haproxy() {
    [ -e "$1/haproxy.cfg" ] || { note_counts; stop "$run/haproxy.pid" haproxy; return; }
    if changed haproxy.cfg || changed certs/ || ! running "$run/haproxy.pid" haproxy; then start_haproxy; fi
}

stop_everything() {
    echo 0 >/proc/sys/net/ipv4/ip_forward
    stop "$run/dnsmasq.pid" dnsmasq
    stop "$run/metadata.pid" haproxy
    stop "$run/haproxy.pid" haproxy
    stop /run/charon.pid charon
    stop_pair
    rm -f "$run/counting"
    nft flush ruleset
}
