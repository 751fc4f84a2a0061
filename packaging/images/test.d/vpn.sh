# What a VPN between two routers promises: the router of the other stories, and one of an office across the public network. Sourced by bash.
# shellcheck shell=bash disable=SC2016

near_address=203.0.113.10 office_address=203.0.113.200

# connection NAME NEAR FAR LOCAL REMOTE [passive]; how it is sealed, the protocol's version and the key come by the environment.
connection() {
    local start=trap\|start lost=restart tries=0
    [[ -z ${6-} ]] || start=none lost=clear tries=1
    cat <<CONF
connections {
  $1 {
    version = ${version:-2}
    local_addrs = $2
    remote_addrs = $3
    proposals = ${sealing:-aes128-sha256}-${group:-modp2048}
    keyingtries = $tries
    mobike = no
    dpd_delay = 2s
    dpd_timeout = 10s
    local {
      auth = psk
      id = $2
    }
    remote {
      auth = psk
      id = $3
    }
    children {
      net1 {
        local_ts = $4
        remote_ts = $5
        esp_proposals = ${sealing:-aes128-sha256}-${group:-modp2048}
        start_action = $start
        dpd_action = $lost
        close_action = ${start/trap|start/start}
      }
    }
  }
}
secrets {
  ike-$1 {
    id-1 = $2
    id-2 = $3
    secret = 0s$(printf %s "${key:-shared}" | base64)
  }
}
CONF
}

# connect FOLDER NAME ...: a folder of files has this connection too.
connect() {
    mkdir -p "$1/swanctl/conf.d"
    echo 'include conf.d/*.conf' >"$1/swanctl/swanctl.conf"
    connection "${@:2}" >"$1/swanctl/conf.d/$2.conf"
}

near() { connect "$1" office $near_address $office_address 10.1.1.0/24 192.168.7.0/24; }
office() { connect "$1" shop $office_address $near_address 192.168.7.0/24 10.1.1.0/24 passive; }

# An office's router, with somebody behind it in a namespace of his own.
office_opens() {
    ip netns add "$far"
    inside ip link add office type bridge
    inside ip link set office up
    inside ip link add desk type veth peer name uplink netns "$far"
    inside ip link set desk master office up
    beyond ip address add 192.168.7.9/24 dev uplink
    beyond ip link set uplink up
    beyond ip route add default via 192.168.7.1
    beyond python3 "$here/test.d/world.py" 192.168.7.9 80 >"$work/office.log" 2>&1 &
    echo $! >"$work/world.pid"
    mkdir "$work/office"
    printf '%s\n' "02:00:0a:07:01:01 guest 192.168.7.1/24 1500" "02:00:cb:00:71:c8 public $office_address/24 1500 203.0.113.1" >"$work/office/interfaces"
    lets_through "$here/test.d/router/nft.rules" 10.1.1.0/24 $near_address |
        sed -e 's/10\.1\.1\.0\/24 oifname/192.168.7.0\/24 oifname/' -e "s/snat ip to .*/snat ip to $office_address/" -e '/dnat ip to/d' >"$work/office/nft.rules"
    office "$work/office"
}

office_boots() {
    boot_router office office=02:00:0a:07:01:01 public=02:00:cb:00:71:c8
    at=office
    apply "$1" "$work/office"
    applied "the office's end is configured" "$1"
    at=router
}

beyond() { ip netns exec "$far" "$@"; }

# lets_through RULES NETWORK ADDRESS: the rules, with those of a connection to a network behind an address.
lets_through() {
    sed -e "/iif lo accept/a iifname \"p-*\" ip saddr $3 udp dport { 500, 4500 } accept\niifname \"p-*\" ip saddr $3 meta l4proto esp accept" \
        -e "/hook forward/a oifname \"p-*\" ip daddr $2 rt ipsec missing drop" \
        -e "/ct status dnat accept/a iifname \"p-*\" ip saddr $2 meta ipsec exists accept" \
        -e "/hook postrouting/a oifname \"p-*\" ip daddr $2 accept" "$1"
}

stands() { [[ $(router tunnels | jq -r --arg name "$1" '.tunnels[] | select(.name == $name).state') == "$2" ]]; }
reaches_office() { tiny_sh 'ping -c 1 -W 2 192.168.7.9 >/dev/null' && beyond ping -q -c 1 -W 2 10.1.1.5; }

# What passes the public network while the guest calls the office three times.
on_the_wire() {
    rm -f "$work/heard"
    inside python3 "$here/test.d/sniff.py" router1 "$work/heard" 10.1.1.0/24 192.168.7.0/24 >"$work/wire" &
    local sniffer=$!
    sleep 1
    tiny_sh 'ping -c 3 -W 1 192.168.7.9 >/dev/null' || :
    touch "$work/heard"
    wait $sniffer
    cat "$work/wire"
}

run_vpn_stories() {
    prepare
    boot_router
    cp -r "$work/one" "$work/two"
    apply 1 "$work/two"
    applied "a router without a connection is configured" 1
    is "it tells of none" '{"tunnels":[]}' "$(router tunnels)"
    boot_tiny
    within 90 line_in_log tiny 'tiny: ready, vm-one 10.1.1.5' || fail "the guest is ready" "$(tail -5 "$work/tiny.log")"
    router_has_tunnels
    kill_vm tiny
    kill_vm router
}

router_has_tunnels() {
    cp -r "$work/two" "$work/six"
    lets_through "$work/two/nft.rules" 192.168.7.0/24 $office_address >"$work/six/nft.rules"
    near "$work/six"
    local before after
    before=$(router_sh "awk '/MemAvailable/ { print \$2 }' /proc/meminfo")
    apply 6 "$work/six"
    figure "router: first connection applied in $(took router)"
    applied "a connection is configured" 6
    is "it is being made" '{"tunnels":[{"name":"office","state":"connecting"}]}' "$(router tunnels)"
    is "until it stands nothing goes out open" "0 0" "$(on_the_wire)"
    office_opens
    office_boots 1
    within 90 stands office up && pass "it stands when the other end is there" || fail "it stands when the other end is there" "$(router_sh 'swanctl --list-sas')"
    within 20 reaches_office && pass "guests and the office reach each other" || fail "guests and the office reach each other"
    is "they know each other by their own addresses" 10.1.1.5 "$(tiny_sh 'timeout 5 wget -q -O - http://192.168.7.9/')"
    local seen
    seen=$(on_the_wire)
    is "what they say is sealed" "yes 0" "$([[ ${seen% *} -ge 6 ]] && echo yes || echo "${seen% *}") ${seen#* }"
    after=$(router_sh "awk '/MemAvailable/ { print \$2 }' /proc/meminfo")
    figure "router: charon $(router_sh 'grep VmRSS /proc/$(cat /run/charon.pid)/status | tr -s "\t " " "'), a connection takes $((before - after)) kB of what was available"
    others_go_on
    it_comes_back
    begins_anew_with_another_key
    all_words_of_policies_work
    tunnels_end
}

others_go_on() {
    local sas
    sas=$(router_sh 'swanctl --list-sas --ike office | head -1')
    cp -r "$work/six" "$work/seven"
    connect "$work/seven" branch $near_address 203.0.113.201 10.1.1.0/24 192.168.8.0/24
    apply 7 "$work/seven"
    applied "a second connection is configured" 7
    is "the first goes on as it was" "$sas" "$(router_sh 'swanctl --list-sas --ike office | head -1')"
    is "both are told of" "branch connecting office up" "$(router tunnels | jq -r '[.tunnels[] | .name, .state] | join(" ")')"
    apply 8 "$work/six"
    applied "the second goes" 8
    is "and leaves nothing" 0 "$(router_sh 'swanctl --list-sas --ike branch | wc -l; /usr/bin/ip xfrm policy | grep -q 192.168.8. && echo policy')"
    is "the first still goes on" "$sas" "$(router_sh 'swanctl --list-sas --ike office | head -1')"
}

it_comes_back() {
    kill_vm office
    office_boots 2
    within 120 reaches_office && pass "it comes back when the other end was away" || fail "it comes back when the other end was away" "$(router_sh 'swanctl --list-sas')"
    router_sh 'kill -9 $(cat /run/charon.pid)'
    within 20 stands office broken || :
    within 120 reaches_office && pass "it comes back when the daemon died" || fail "it comes back when the daemon died" "$(router_sh 'swanctl --list-sas')"
}

# both GENERATION: both ends apply what "near" and "office" make of the environment.
both() {
    near "$work/six"
    office "$work/office"
    apply "$1" "$work/six"
    at=office
    apply "$1" "$work/office"
    at=router
}

begins_anew_with_another_key() {
    key='an"other\key } #' near "$work/six"
    apply 9 "$work/six"
    within 30 stands office down && pass "with another key it does not stand" || fail "with another key it does not stand" "$(router tunnels)"
    key='an"other\key } #' both 10
    within 60 reaches_office && pass "with the key that both ends know it does" || fail "with the key that both ends know it does" "$(router_sh 'swanctl --list-sas')"
}

all_words_of_policies_work() {
    local number=11 words
    for words in "1 3des-md5 modp1024" "2 3des-md5 modp1536" "2 aes192-sha1 modp2048" "1 aes256-sha256 modp3072" "2 aes192-sha384 modp4096" \
        "2 aes128-sha512 modp6144" "2 aes256-sha512 modp8192" "2 aes128-sha256 ecp256" "2 aes256-sha384 ecp384" "2 aes256-sha1 ecp521" "2 aes128-md5 curve25519"; do
        # shellcheck disable=SC2086
        set -- $words
        version=$1 sealing=$2 group=$3 both $number
        within 120 reaches_office && pass "IKEv$1 stands by $2;$3" || fail "IKEv$1 stands by $2;$3" "$(router_sh 'swanctl --list-sas')"
        number=$((number + 1))
    done
}

tunnels_end() {
    apply 30 "$work/two"
    applied "the last connection goes" 30
    is "charon goes with it" 1 "$(router_sh 'ps | grep -q "[i]psec/charon"; echo $?')"
    is "and what it left in the kernel" 0 "$(router_sh '/usr/bin/ip xfrm policy | wc -l')"
    kill_vm office
}
