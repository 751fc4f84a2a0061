# What the load balancer has counted, and how it finds its members. Each of its processes counts from nothing, so what one had is kept:
# "haproxy.counts" has the sums of those that have ended, "haproxy.last" a line with the PID of the one that runs and what it had last.

statistics() { echo "show stat -1 5 -1" | nc -w 5 127.0.0.1 "$(cat "$run/haproxy.port")" 2>/dev/null 8>&-; }

# Each process has a port of its own for that: one that is ending would answer at its successor's.
next_statistics() {
    port=8403
    [ ! -s "$run/haproxy.port" ] || read -r port <"$run/haproxy.port"
    echo $((8404 + (port - 8403) % 1000))
}

# Reads what the running process has counted; before it ends, or nobody will.
note_counts() {
    [ -e "$run/haproxy.counts" ] || : >"$run/haproxy.counts"
    [ -e "$run/haproxy.last" ] || : >"$run/haproxy.last"
    pid=
    running "$run/haproxy.pid" haproxy || pid=
    if [ "$(head -n 1 "$run/haproxy.last")" != "$pid" ]; then
        awk -f "$lib/counts.awk" "$run/haproxy.counts" "$run/haproxy.last" >"$run/haproxy.counts.new"
        mv "$run/haproxy.counts.new" "$run/haproxy.counts"
        : >"$run/haproxy.last"
    fi
    [ -n "$pid" ] || return 0
    statistics >"$run/haproxy.stat"
    [ -s "$run/haproxy.stat" ] || statistics >"$run/haproxy.stat"
    # Half an answer would count backwards.
    [ -s "$run/haproxy.stat" ] || return 0
    { echo "$pid" && awk -F, -v want=counts -f "$lib/statistics.awk" "$run/haproxy.stat"; } >"$run/haproxy.last.new"
    mv "$run/haproxy.last.new" "$run/haproxy.last"
}

# Prints sums since the boot, and members with their state, as one JSON object.
balancers() {
    : >"$run/haproxy.stat"
    note_counts
    read -r booted </proc/sys/kernel/random/boot_id
    rules=$(awk -v json=1 -f "$lib/counts.awk" "$run/haproxy.counts" "$run/haproxy.last")
    echo "{\"booted\":\"$booted\",\"rules\":[$rules],$(awk -F, -f "$lib/statistics.awk" "$run/haproxy.stat")}"
}
