# Several public networks of one router, of which one is on a VLAN. Sourced by bash.
# shellcheck shell=bash disable=SC2154,SC2016

run_ways_stories() {
    ways_prepare
    ways_answer_where_asked
    ways_hide_guests
    ways_are_mended
    ways_come_and_go
    ways_are_refused
    ways_end
}

# A public network with a gateway of its own, and the same server behind it as in the lab's. It takes packets from its own addresses alone.
# ways_network NAMESPACE NETWORK [VLAN]
ways_network() {
    ip netns add "$1"
    ip -n "$1" link set lo up
    inside ip link add "$1" type veth peer name wire netns "$1"
    inside ip link set "$1" master public up
    ip -n "$1" link set wire up
    local card=wire
    if [[ ${3-} ]]; then
        card=uplink
        ip netns exec "$1" python3 "$here/test.d/vlan.py" wire "$3" uplink >"$work/vlan.log" 2>&1 &
        echo $! >"$work/vlan.pid"
        within 10 ip -n "$1" link set uplink up
    fi
    ip -n "$1" address add "$2.1/24" dev $card
    ip -n "$1" address add 198.51.100.7/32 dev lo
    ip netns exec "$1" sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.$card.rp_filter=1
    # Spelt out, so that $! is the program itself.
    ip netns exec "$1" python3 "$here/test.d/world.py" 198.51.100.7 80 >"$work/$1.log" 2>&1 &
    echo $! >"$work/$1.pid"
}

ways_prepare() {
    system_vm=${system_vm-$("$here/ensure" system-vm)} || exit
    ways_network "$second" 192.0.2
    ways_network "$third" 198.18.0 123
    outside sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.uplink.rp_filter=1
    # A guest that lives outside of any VM, with two addresses, and tells who asks.
    ip netns add "$lodger"
    inside ip link add lodger type veth peer name eth0 netns "$lodger"
    inside ip link set lodger master guests up
    ip -n "$lodger" address add 10.1.1.50/24 dev eth0
    ip -n "$lodger" address add 10.1.1.51/24 dev eth0
    ip -n "$lodger" link set eth0 up
    ip -n "$lodger" route add default via 10.1.1.1
    ip netns exec "$lodger" python3 "$here/test.d/world.py" 0.0.0.0 80 >"$work/lodger.log" 2>&1 &
    echo $! >"$work/lodger.pid"
    ways_folder
    boot_router
    apply 1 "$work/ways"
    applied "a router of three public networks is configured" 1
}

ways_folder() {
    rm -rf "$work/ways"
    cp -r "$here/test.d/router" "$work/ways"
    printf '%s\n' "$guest_mac guest 10.1.1.1/24 1500" "$public_mac public 203.0.113.10/24,192.0.2.10/24 1500 203.0.113.1" \
        "$public_mac public.123 198.18.0.10/24,198.18.0.11/24 1500" >"$work/ways/interfaces"
    printf '%s\n' "192.0.2.1 p-0200cb00710a 192.0.2.10" "198.18.0.1 p-v123 198.18.0.10,198.18.0.11" >"$work/ways/ways"
    sed -i 's/203.0.113.11:8000/192.0.2.10:8000/; s/10.1.1.5:22/10.1.1.50:80/' "$work/ways/haproxy.cfg"
    # As the server says it: ports of each network lead to the guest, and one address of the VLAN is the guest's other one.
    cat >"$work/ways/nft.rules" <<'RULES'
flush ruleset inet
table inet router {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    iifname "lo" accept
    icmp type echo-request accept
    iifname "p-*" tcp dport 8000 accept
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    iifname "g-*" oifname "p-*" accept
    ct status dnat accept
  }
  chain ways {
    type filter hook prerouting priority mangle;
    iifname "g-*" ct direction reply meta mark set ct original ip daddr map { 192.0.2.10 : 0xc0000201, 198.18.0.10 : 0xc6120001, 198.18.0.11 : 0xc6120001 }
    iifname "g-*" ct direction original meta mark set ip saddr map { 10.1.1.51 : 0xc6120001 }
  }
}
table inet nat {
  chain prerouting {
    type nat hook prerouting priority dstnat;
    ip daddr { 203.0.113.10, 192.0.2.10, 198.18.0.10 } tcp dport 8080 dnat ip to 10.1.1.50:80
    ip daddr 198.18.0.11 dnat ip to 10.1.1.51
  }
  chain postrouting {
    type nat hook postrouting priority srcnat;
    oifname "p-*" ip saddr 10.1.1.51 snat ip to 198.18.0.11
    oifname "p-*" ip saddr 10.1.1.0/24 snat ip to 203.0.113.10
    oifname "g-*" ct status dnat ip saddr 10.1.1.0/24 ip daddr 10.1.1.0/24 snat ip to 10.1.1.1
  }
}
RULES
}

# asked NAMESPACE URL: what somebody far behind that network's gateway is told.
asked() { ip netns exec "$1" curl -s -m 5 --interface 198.51.100.7 "$2"; }
goes_out() { ip netns exec "$lodger" curl -s -m 5 --interface "$1" http://198.51.100.7/; }

ways_answer_where_asked() {
    is "a port of the first network leads to the guest" 198.51.100.7 "$(asked "$outer" http://203.0.113.10:8080/)"
    is "one of another network does" 198.51.100.7 "$(asked "$second" http://192.0.2.10:8080/)"
    is "one of a VLAN does" 198.51.100.7 "$(asked "$third" http://198.18.0.10:8080/)"
    is "all of an address of the VLAN does" 198.51.100.7 "$(asked "$third" http://198.18.0.11/)"
    is "a load balancer answers in another network" 10.1.1.1 "$(within 10 asked "$second" http://192.0.2.10:8000/; asked "$second" http://192.0.2.10:8000/)"
    is "the router itself answers there" 0 "$(ip netns exec "$second" ping -c 1 -W 3 -q -I 198.51.100.7 192.0.2.10 >/dev/null; echo $?)"
    is "and on the VLAN" 0 "$(ip netns exec "$third" ping -c 1 -W 3 -q -I 198.51.100.7 198.18.0.10 >/dev/null; echo $?)"
    is "neighbours on the VLAN are answered at once" 198.18.0.1 "$(ip netns exec "$third" curl -s -m 5 http://198.18.0.10:8080/)"
}

ways_hide_guests() {
    is "guests go out by the first network" 203.0.113.10 "$(goes_out 10.1.1.50)"
    is "one with an address of its own by that one's" 198.18.0.11 "$(goes_out 10.1.1.51)"
    is "guests reach each other by other networks' addresses" 10.1.1.1 \
        "$(ip netns exec "$lodger" curl -s -m 5 --interface 10.1.1.50 http://198.18.0.11/)"
}

ways_are_mended() {
    has "several ways are well" '{"look":"interfaces","text":""}' "$(router look)"
    router_sh '/usr/bin/ip rule del pref 101 fwmark 0xc0000201; /usr/bin/ip route flush table 3323068417; /usr/bin/ip rule add pref 102 from 192.0.2.99 lookup 1'
    has "a way that is gone is found" 'it lacks: ' "$(router look)"
    has "it is in force again" '{"look":"interfaces","text":""}' "$(router look)"
    is "and leads out" 198.18.0.11 "$(goes_out 10.1.1.51)"
    router_sh '/usr/bin/ip link del p-v123'
    has "a VLAN that is gone is found" 'it lacks: link add link p-0200cb00710a' "$(router look)"
    is "it is in force again" 198.51.100.7 "$(asked "$third" http://198.18.0.10:8080/)"
}

ways_come_and_go() {
    cp -r "$work/ways" "$work/ways2"
    rm "$work/ways2/ways"
    sed -i '/public.123/d; s/,192.0.2.10.24//' "$work/ways2/interfaces"
    sed -i 's/192.0.2.10:8000/203.0.113.10:8000/' "$work/ways2/haproxy.cfg"
    sed -i '/chain ways/,/^  }/d; /10.1.1.51/d' "$work/ways2/nft.rules"
    apply 2 "$work/ways2"
    applied "all but the first network go" 2
    is "nothing of them stays" "" "$(router_sh '/usr/bin/ip rule | grep "^10"; /usr/bin/ip route show table all | grep "table [0-9]"; /usr/bin/ip -o link | grep p-v')"
    is "guests go on" 203.0.113.10 "$(goes_out 10.1.1.51)"
    apply 3 "$work/ways"
    figure "router: two more public networks applied in $(took router)"
    applied "they come back" 3
    is "and answer" "198.51.100.7 198.51.100.7" "$(asked "$second" http://192.0.2.10:8080/) $(asked "$third" http://198.18.0.10:8080/)"
    # The first way is on the VLAN, and nothing is untagged.
    cp -r "$work/ways2" "$work/ways4"
    printf '%s\n' "$guest_mac guest 10.1.1.1/24 1500" "$public_mac public - 1500" "$public_mac public.123 198.18.0.10/24 1500 198.18.0.1" >"$work/ways4/interfaces"
    sed -i 's/203.0.113.10/198.18.0.10/' "$work/ways4/nft.rules"
    sed -i 's/203.0.113.10:8000/198.18.0.10:8000/' "$work/ways4/haproxy.cfg"
    sed -i 's/{ 198.18.0.10, 192.0.2.10, 198.18.0.10 }/198.18.0.10/' "$work/ways4/nft.rules"
    apply 4 "$work/ways4"
    applied "a VLAN may be the one way out" 4
    is "guests go out by it" 198.18.0.10 "$(goes_out 10.1.1.51)"
    is "the gateway is looked for there" '{"look":"gateway","text":""}' "$(router look | grep -o '{"look":"gateway"[^}]*}')"
}

ways_are_refused() {
    cp -r "$work/ways" "$work/ways5"
    sed -i 's/public.123/public.4095/' "$work/ways5/interfaces"
    apply 5 "$work/ways5"
    has "a VLAN that is none is refused" '"failed":"interfaces","text":"interfaces line 3: bad VLAN 4095' "$said"
    sed -i 's/public.4095/public.123/' "$work/ways5/interfaces"
    echo '192.0.2.1 p-v123 nowhere' >>"$work/ways5/ways"
    apply 5 "$work/ways5"
    has "a way that is none is refused" "\"failed\":\"interfaces\",\"text\":\"ways line 3: not 'GATEWAY DEVICE IP" "$said"
    is "and guests go out as before" 198.18.0.10 "$(goes_out 10.1.1.50)"
}

ways_end() {
    local name
    for name in lodger vlan "$second" "$third"; do
        kill "$(cat "$work/$name.pid")" 2>/dev/null
        rm -f "$work/$name.pid"
    done
    kill_vm router
    ip netns del "$lodger"
    ip netns del "$second"
    ip netns del "$third"
    outside sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.uplink.rp_filter=0
}
