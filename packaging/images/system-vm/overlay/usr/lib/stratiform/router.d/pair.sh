# One of a pair. keepalived says which of the two serves, and conntrackd tells the other one of the connections; they speak by one of the guest
# cards, each at an address of its own that never moves. All other addresses, and all daemons, are where it serves.
# "pair.state" has what was said last: primary, backup or fault. "part" is what of the tree is this one's to put in force, and "ahead"
# what would be if it served.

read_pair() {
    while read -r name value more; do
        case $name in
        group) pair_group=$value ;;
        priority) pair_priority=$value ;;
        card)
            pair_mac=$value
            pair_card=g-$(echo "$value" | tr A-F a-f | tr -d :)
            ;;
        own) pair_own=$value ;;
        peer) pair_peer=$value pair_peer_mac=$more ;;
        esac
    done <"$1/pair"
}

check_pair() { [ ! -e "$1/pair" ] || awk -f "$lib/pair.awk" "$1/interfaces" "$1/pair"; }

pair_state() {
    state=
    [ ! -e "$run/pair.state" ] || read -r state <"$run/pair.state"
    echo "${state:-backup}"
}

# The interfaces file with the own address; in that of the one aside all others are missing.
pair_interfaces() {
    awk -v mac="$pair_mac" -v own="$pair_own/32" -v aside="$2" '
        /^[ \t]*(#|$)/ { next }
        aside { $3 = "-"; $5 = "" }
        tolower($1) == tolower(mac) { $3 = aside ? own : $3 "," own }
        { print }' "$1/interfaces"
}

# Prints the folder with what of a tree is to be in force: all of it, or from one aside no more than its filter and settings.
part_of() {
    [ -e "$1/pair" ] || { echo "$1"; return; }
    read_pair "$1"
    rm -rf "$run/part" "$run/ahead"
    mkdir "$run/part" "$run/ahead"
    if [ "$(pair_state)" = primary ]; then
        ln -s "$1"/* "$run/part/"
        rm "$run/part/interfaces"
        pair_interfaces "$1" "" >"$run/part/interfaces"
    else
        for name in pair nft.rules sysctl hostname; do [ ! -e "$1/$name" ] || ln -s "$1/$name" "$run/part/"; done
        : >"$run/part/aside"
        pair_interfaces "$1" 1 >"$run/part/interfaces"
        pair_interfaces "$1" "" >"$run/ahead/interfaces"
        [ ! -e "$1/ways" ] || ln -s "$1/ways" "$run/ahead/"
    fi
    echo "$run/part"
}

# What is in force.
here() { if [ -e "$base/current/pair" ]; then echo "$run/part"; else echo "$base/current"; fi; }

# With the cards as they are now, what they lack to serve.
look_ahead() { [ ! -e "$run/ahead/interfaces" ] || plan_interfaces "$run/ahead" >"$run/ahead/plan"; }

write_keepalived() {
    cat <<CONF
global_defs {
    script_user root
    enable_script_security
    vrrp_check_unicast_src
    vrrp_priority -10
    vrrp_no_swap
    vrrp_notify_fifo $run/pair.fifo
    vrrp_notify_fifo_script /usr/lib/stratiform/follow-pair
}
vrrp_instance pair {
    state BACKUP
    nopreempt
    version 2
    interface $pair_card
    virtual_router_id $pair_group
    priority $pair_priority
    advert_int 1
    unicast_src_ip $pair_own
    unicast_peer {
        $pair_peer
    }
}
CONF
}

write_conntrackd() {
    cat <<CONF
Sync {
    Mode FTFW {
        StartupResync yes
    }
    UDP {
        IPv4_address $pair_own
        IPv4_Destination_Address $pair_peer
        Port 3780
        Interface $pair_card
        SndSocketBuffer 1249280
        RcvSocketBuffer 1249280
        Checksum on
    }
}
General {
    HashSize 8192
    HashLimit 131072
    LogFile no
    Syslog no
    LockFile $run/conntrackd.lock
    UNIX { Path $run/conntrackd.socket }
    NetlinkBufferSize 2097152
    NetlinkBufferSizeMaxGrowth 8388608
    NetlinkOverrunResync yes
    Filter From Kernelspace {
        Protocol Accept { TCP UDP ICMP }
        Address Ignore {
            IPv4_address 127.0.0.1
            IPv4_address $pair_own
            IPv4_address $pair_peer
        }
    }
}
CONF
}

tell_conntrackd() { timeout "${2-5}" conntrackd -C "$run/conntrackd.conf" "$1"; }

start_conntrackd() {
    running "$run/conntrackd.pid" conntrackd && return
    # What one that was killed left would stand in the way.
    rm -f "$run/conntrackd.lock" "$run/conntrackd.socket"
    setsid conntrackd -C "$run/conntrackd.conf" >/dev/null 2>&1 </dev/null 8>&- &
    echo $! >"$run/conntrackd.pid"
    tries=0
    until [ -S "$run/conntrackd.socket" ]; do
        tries=$((tries + 1))
        [ $tries -lt 50 ] || { echo "conntrackd does not start"; return 1; }
        usleep 100000
    done
}

pair_runs() { running "$run/keepalived.pid" keepalived && running "$run/conntrackd.pid" conntrackd; }

start_pair() {
    read_pair "$base/current"
    # Aside it has no other address in the network; and two that both serve would not answer each other, by ARP, whom both say to be.
    /usr/bin/ip route replace "$pair_peer/32" dev "$pair_card" src "$pair_own" &&
        /usr/bin/ip neigh replace "$pair_peer" lladdr "$pair_peer_mac" dev "$pair_card" nud permanent || return
    write_keepalived >"$run/keepalived.conf"
    write_conntrackd >"$run/conntrackd.conf"
    start_conntrackd || return
    running "$run/keepalived.pid" keepalived && return
    rm -f "$run/pair.fifo" "$run/pair.done"
    keepalived -P -f "$run/keepalived.conf" -p "$run/keepalived.pid" -r "$run/vrrp.pid" 8>&-
}

# keepalived says farewell, and the other one serves.
stop_pair() {
    rm -f "$run/pair.follower" "$run/pair.state" "$run/pair.done"
    stop "$run/keepalived.pid" keepalived
    stop "$run/conntrackd.pid" conntrackd
}

load_pair() {
    [ -e "$1/pair" ] || { [ ! -e "$run/keepalived.conf" ] || { stop_pair; rm -f "$run/keepalived.conf"; }; return; }
    look_ahead
    ! changed pair || stop_pair
    pair_runs || start_pair
}

# After it has begun: waits until it serves, or it is clear that the other one does.
take_turn() {
    [ -e "$base/current/pair" ] && changed pair || return 0
    # It is put in force by another process.
    exec 8>&-
    tries=0
    until [ -e "$run/pair.done" ] && [ "$(cat "$run/pair.done")" = primary ]; do
        tries=$((tries + 1))
        [ $tries -lt 50 ] || return 0
        usleep 100000
    done
}

# Before it ends: keepalived says farewell, and the other one takes over at once rather than after a silence.
yield_turn() {
    [ -e "$base/current/pair" ] && [ "$(pair_state)" = primary ] || return 0
    stop "$run/keepalived.pid" keepalived
    tries=0
    while [ "$(pair_state)" = primary ] && [ $tries -lt 30 ]; do
        tries=$((tries + 1))
        usleep 100000
    done
}

look_pair() {
    [ -e "$base/current/pair" ] || return
    pair_runs || { echo "keepalived or conntrackd does not run"; return; }
    read_pair "$base/current"
    arping -q -c 2 -w 2 -s "$pair_own" -I "$pair_card" "$pair_peer" >/dev/null 2>&1 8>&- || echo "the other one does not answer"
}
