# What a pair of routers promises. Sourced by bash.
# shellcheck shell=bash disable=SC2016

# A router's cards, among the guests and outside: first 02:...:21, second 02:...:22.
pair_guest() { echo "02:00:0a:01:01:2$1"; }
pair_public() { echo "02:00:cb:00:71:2$1"; }

run_pair_stories() {
    pair_prepare
    pair_begins
    pair_one_serves
    pair_survives first second
    pair_comes_back first second
    pair_survives second first
    pair_comes_back second first
    pair_hands_over first second
    pair_takes_changes
    pair_mends_itself
    pair_says_when_it_is_split
    pair_parts_and_meets
    pair_ends
}

# The configuration of router N whose peer is M.
pair_folder() {
    local n=$1 m=$2 folder=$work/pair$1
    rm -rf "$folder"
    cp -r "$here/test.d/router" "$folder"
    sed -i "s/02:00:0a:01:01:01/$(pair_guest "$n")/; s/02:00:cb:00:71:0a/$(pair_public "$n")/" "$folder/interfaces"
    # As the server says it, of the other one of the pair.
    sed -i "s/10.1.1.5:22/10.1.1.50:22/; /hook input/a\\
        iifname \"g-*\" ip saddr 10.1.1.$m ether saddr != $(pair_guest "$m") drop\\
        iifname \"g-*\" ip saddr 10.1.1.$m ip daddr 10.1.1.$n meta l4proto 112 accept\\
        iifname \"g-*\" ip saddr 10.1.1.$m ip daddr 10.1.1.$n udp dport 3780 accept" "$folder/nft.rules"
    printf 'group 51\npriority %s\ncard %s\nown 10.1.1.%s\npeer 10.1.1.%s %s\n' $((250 + n)) "$(pair_guest "$n")" "$n" "$m" "$(pair_guest "$m")" >"$folder/pair"
}

pair_prepare() {
    system_vm=${system_vm-$("$here/ensure" system-vm)} || exit
    # A guest that lives outside of any VM, so that nothing of it is slow.
    ip netns add "$lodger"
    inside ip link add lodger type veth peer name eth0 netns "$lodger"
    inside ip link set lodger master guests up
    lodging ip link set lo up
    lodging ip address add 10.1.1.50/24 dev eth0
    lodging ip link set eth0 up
    lodging ip route add default via 10.1.1.1
    # Spelt out, so that $! is the program itself.
    ip netns exec "$lodger" python3 "$here/test.d/echo.py" 10.1.1.50 22 >"$work/echo.log" 2>&1 &
    echo $! >"$work/echo.pid"
    pair_folder 2 3
    pair_folder 3 2
}

lodging() { ip netns exec "$lodger" "$@"; }
number_of() { if [[ $1 == first ]]; then echo 2; else echo 3; fi; }
pair_boot() { boot_router "$1" "guests=$(pair_guest "$(number_of "$1")")" "public=$(pair_public "$(number_of "$1")")"; }
pair_apply() { at=$1 apply "$2" "$work/pair$(number_of "$1")"; }
pair_state() { at=$1 router status | jq -r .pair; }
pair_is() { [[ $(pair_state "$1") == "$2" ]]; }
addresses_of() { at=$1 router_sh "ip -o -4 address | awk '\$2 != \"lo\" { print \$4 }' | sort | tr '\n' ' '"; }

pair_begins() {
    pair_boot first
    pair_boot second
    pair_apply first 1
    figure "pair: first configuration in $(took first)"
    applied "the first of a pair is configured" 1
    has "alone it serves" '"pair":"primary"' "$said"
    is "when it says so it serves" 203.0.113.10 "$(lodging curl -s -m 5 http://198.51.100.7/)"
    pair_apply second 1
    figure "pair: first configuration of the backup in $(took second)"
    applied "the second of a pair is configured" 1
    has "the other one serves already" '"pair":"backup"' "$said"
    figure "pair: memory of the primary: $(at=first router_sh "free -k | awk '/Mem/ { print \$3 \" kB used of \" \$2 }'")"
    figure "pair: memory by process (kB): $(at=first router_sh 'for p in /proc/[0-9]*; do awk -v n="$(cat $p/comm 2>/dev/null)" "/^Pss:/ { print n, \$2 }" $p/smaps_rollup 2>/dev/null; done | sort -k2nr | head -8 | tr "\n" ";"')"
}

pair_one_serves() {
    is "one has the addresses" "10.1.1.1/24 10.1.1.2/32 203.0.113.10/24 203.0.113.11/24 " "$(addresses_of first)"
    is "the other one has but its own" "10.1.1.3/32 " "$(addresses_of second)"
    is "the other one forwards nothing" 0 "$(at=second router_sh 'cat /proc/sys/net/ipv4/ip_forward')"
    is "and serves nothing" "" "$(at=second router_sh 'pidof dnsmasq haproxy')"
    is "nothing of it answers guests" 1 "$(lodging ping -c 1 -W 1 -q 10.1.1.3 >/dev/null 2>&1; lodging curl -s -m 2 http://10.1.1.3/ >/dev/null && echo 0 || echo 1)"
    has "both are well" '{"look":"pair","text":""}' "$(at=first router look)"
    has "both are well, the other one too" '"pair":"backup"' "$(at=second router look)"
    is "nothing has drifted aside" "" "$(at=second router look | jq -r '.looks[].text' | tr -d '\n')"
}

# Pings a guest's outside five times a second, until stop_pings.
start_pings() {
    ip netns exec "$lodger" ping -i 0.2 -W 1 -D 198.51.100.7 >"$work/pings" 2>&1 &
    echo $! >"$work/ping.pid"
}

stop_pings() {
    kill "$(cat "$work/ping.pid")"
    rm "$work/ping.pid"
}

# The longest time between two answers.
silence() { awk -F'[][ ]+' '/bytes from/ { if (last && $2 - last > gap) gap = $2 - last; last = $2; n++ } END { printf "%d answers, longest silence %.1f s", n, gap }' "$work/pings"; }

# The one who serves dies, and the other one takes over.
pair_survives() {
    local dies=$1 serves=$2 talker
    rm -f "$work/over" "$work/heard" "$work/told"
    start_pings
    pair_talk 2222 &
    talker=$!
    within 30 test -s "$work/heard" || fail "a connection stands through a forwarded port"
    sleep 3
    has "the other one knows the connection" ESTABLISHED "$(at=$serves router_sh 'conntrackd -C /run/stratiform/conntrackd.conf -e' | grep 'dport=2222')"
    start "$serves"
    kill_vm "$dies"
    within 20 serves_lodger || fail "the other one takes over" "$(tail -3 "$work/$serves.log")"
    figure "pair: $serves serves $(took "$serves") after $dies was killed"
    sleep 3
    touch "$work/over"
    wait $talker
    stop_pings
    figure "pair: five pings a second from a guest to outside: $(silence)"
    is "the connection goes on in the other one" "$(tail -n 1 "$work/told")" "$(tail -n 1 "$work/heard")"
    is "and lost nothing" "$(wc -l <"$work/told")" "$(wc -l <"$work/heard")"
    within 20 pair_is "$serves" primary || fail "$serves says that it serves" "$(pair_state "$serves")"
    is "names and addresses are served there" 0 "$(within 20 lodging curl -s -m 2 -o /dev/null http://10.1.1.1/; echo $?)"
    is "nothing has drifted where it serves" "the other one does not answer" "$(at=$serves router look | jq -r '.looks[].text' | tr -d '\n')"
}

serves_lodger() { lodging curl -s -m 1 -o /dev/null http://198.51.100.7/; }
pair_talk() { outside python3 "$here/test.d/talk.py" 203.0.113.10 "$1" "$work/over" "$work/told" "$work/heard"; }

# The one that died comes back, and stands aside.
pair_comes_back() {
    local back=$1 serves=$2
    pair_boot "$back"
    pair_apply "$back" 1
    applied "$back comes back" 1
    has "and stands aside" '"pair":"backup"' "$said"
    is "the other one serves on" primary "$(pair_state "$serves")"
    is "who came back has but its own address" "10.1.1.$(number_of "$back")/32 " "$(addresses_of "$back")"
}

# The one who serves is to be ended, and the other one is told.
pair_hands_over() {
    local yields=$1 serves=$2
    within 20 conntrackd_runs "$yields" || fail "both tell each other of connections"
    start_pings
    sleep 3
    start "$yields"
    at=$yields router yield
    figure "pair: $yields yields in $(took "$yields")"
    kill_vm "$yields"
    sleep 3
    stop_pings
    figure "pair: five pings a second while one yields: $(silence)"
    is "$serves serves" primary "$(pair_state "$serves")"
    pair_comes_back "$yields" "$serves"
    # As before, for what follows.
    at=$serves router yield
    within 20 pair_is "$yields" primary && pass "and serves when the other one yields" || fail "and serves when the other one yields" "$(pair_state "$yields")"
    within 20 pair_is "$serves" backup && pass "which stands aside until it is ended" || fail "which stands aside until it is ended" "$(pair_state "$serves")"
}

pair_takes_changes() {
    local n
    for n in 2 3; do sed -i 's/dport 2222/dport 2223/' "$work/pair$n/nft.rules"; done
    pair_apply first 2
    applied "a change comes to who serves" 2
    pair_apply second 2
    applied "and to who stands aside" 2
    has "its rules are in force there" 'dport 2223' "$(at=second router_sh 'nft list ruleset inet')"
    is "who serves serves on" primary,backup "$(pair_state first),$(pair_state second)"
    for n in 2 3; do sed -i '/^own/s/10.*/nowhere/' "$work/pair$n/pair"; done
    pair_apply second 3
    has "a pair that is none is refused" '"failed":"pair","text":"pair: no own address"' "$said"
    is "and nothing changes" 2,backup "$(at=second router status | jq -r '"\(.generation),\(.pair)"')"
}

pair_mends_itself() {
    at=first router_sh 'kill -9 $(pidof keepalived)'
    within 20 pair_is second primary && pass "where nobody says who serves, nobody serves" || fail "where nobody says who serves, nobody serves"
    within 20 pair_is first backup && pass "keepalived is started again" || fail "keepalived is started again" "$(pair_state first)"
    is "the first one has but its own address" "10.1.1.2/32 " "$(within 10 pair_alone first; addresses_of first)"
    is "the guest gets out" 203.0.113.10 "$(lodging curl -s -m 5 http://198.51.100.7/)"
    at=second router_sh 'kill -9 $(cat /run/stratiform/conntrackd.pid)'
    within 20 conntrackd_runs second && pass "conntrackd is started again" || fail "conntrackd is started again"
}

pair_alone() { [[ $(addresses_of "$1") == "10.1.1.$(number_of "$1")/32 " ]]; }
conntrackd_runs() { at=$1 router_sh 'kill -0 $(cat /run/stratiform/conntrackd.pid) && conntrackd -C /run/stratiform/conntrackd.conf -s >/dev/null'; }

# Both live and do not see each other: each serves, and each says that it is alone. When they meet again the one with more priority goes on,
# also with what came to the other one meanwhile.
pair_says_when_it_is_split() {
    local talker
    rm -f "$work/over" "$work/heard" "$work/told"
    inside ip link set second0 nomaster
    within 30 pair_is first primary && pass "cut off from each other, both serve" || fail "cut off from each other, both serve"
    is "the other one does too" primary "$(pair_state second)"
    within 20 serves_lodger && pass "guests find the one on their side" || fail "guests find the one on their side"
    pair_talk 2223 &
    talker=$!
    within 30 test -s "$work/heard" || fail "a connection stands through who serves meanwhile"
    has "one says that it is alone" 'the other one does not answer' "$(at=first router look)"
    has "the other one says it too" 'the other one does not answer' "$(at=second router look)"
    inside ip link set second0 master guests
    within 30 pair_is first backup && pass "one stands aside when they meet again" || fail "one stands aside when they meet again" "$(pair_state first),$(pair_state second)"
    is "and but one" primary "$(pair_state second)"
    within 20 serves_lodger && pass "the guest gets out again" || fail "the guest gets out again"
    sleep 5
    touch "$work/over"
    wait $talker
    is "a connection that was opened meanwhile goes on" "$(tail -n 1 "$work/told")" "$(tail -n 1 "$work/heard")"
}

# A router alone serves, and becomes one of a pair while it does.
pair_parts_and_meets() {
    rm "$work/pair3/pair"
    pair_apply second 4
    applied "one of a pair becomes a router alone" 4
    is "it serves" "null 1" "$(pair_state second) $(at=second router_sh 'cat /proc/sys/net/ipv4/ip_forward')"
    pair_folder 3 2
    pair_apply second 5
    applied "a router alone becomes one of a pair" 5
    within 20 pair_is second backup && pass "it stands aside for the other one" || fail "it stands aside for the other one" "$(pair_state second)"
    is "with its own address" "10.1.1.3/32 " "$(addresses_of second)"
}

pair_ends() {
    kill "$(cat "$work/echo.pid")" 2>/dev/null
    rm -f "$work/echo.pid"
    kill_vm first
    kill_vm second
    ip netns del "$lodger"
}
