# What remote access promises: the router of the other stories, and a laptop across the public network whose user logs in by either
# protocol. The laptop is another router VM, which is told nothing but how to dial. Sourced by bash.
# shellcheck shell=bash disable=SC2016

laptop_address=203.0.113.150 pool=10.9.9.1-10.9.9.4
exchanged="aes256-sha256-modp2048, aes128-sha256-modp2048, aes256-sha256-ecp256, aes256-sha384-ecp384, aes256-sha256-curve25519, aes256-sha1-modp2048, aes128-sha1-modp2048"
sealed="aes256-sha256, aes128-sha256, aes256-sha1, aes128-sha1, aes256-sha256-modp2048, aes256-sha256-ecp256"

# clients FOLDER NAME=PASSWORD...: a folder of files lets these users in.
clients() {
    local folder=$1/swanctl user
    mkdir -p "$folder"
    printf 'include %s\n' 'conf.d/*.conf' clients.conf users.conf >"$folder/swanctl.conf"
    cat >"$folder/clients.conf" <<CONF
connections {
  clients-eap {
    version = 2
$(client_entry)
    remote {
      auth = eap-mschapv2
      eap_id = %any
    }
    children {
      clients {
        local_ts = 10.1.1.0/24
        esp_proposals = $sealed
      }
    }
  }
  clients-xauth {
    version = 1
$(client_entry)
    remote-key {
      auth = psk
    }
    remote-user {
      auth = xauth
    }
    children {
      clients {
        local_ts = 0.0.0.0/0
        esp_proposals = $sealed
      }
    }
  }
}
pools {
  clients {
    addrs = $pool
    dns = 10.1.1.1
    split_include = 10.1.1.0/24
  }
}
secrets {
  ike-clients {
    id-1 = $near_address
    id-2 = %any
    secret = 0s$(printf %s between-us | base64)
  }
}
CONF
    {
        echo 'secrets {'
        for user in "${@:2}"; do
            printf '  eap-%s {\n    id = %s\n    secret = 0s%s\n  }\n' "${user%%=*}" "${user%%=*}" "$(printf %s "${user#*=}" | base64)"
        done
        echo '}'
    } >"$folder/users.conf"
}

client_entry() {
    cat <<CONF
    local_addrs = $near_address
    proposals = $exchanged
    unique = never
    dpd_delay = 30s
    rekey_time = 20h
    pools = clients
    local {
      auth = psk
      id = $near_address
    }
CONF
}

# admits_clients RULES: the rules, with those of remote access.
admits_clients() {
    sed -e "/iif lo accept/a iifname \"p-*\" ip daddr $near_address udp dport { 500, 4500 } accept\niifname \"p-*\" ip daddr $near_address meta l4proto esp accept\niifname \"p-*\" ip saddr $pool ip daddr 10.1.1.1 meta ipsec exists udp dport 53 accept" \
        -e "/hook forward/a oifname \"p-*\" ip daddr $pool rt ipsec missing drop" \
        -e "/ct status dnat accept/a iifname \"p-*\" ip saddr $pool ip daddr 10.1.1.0/24 meta ipsec exists accept" \
        -e "/hook postrouting/a oifname \"p-*\" ip daddr $pool accept" "$1"
}

laptop_sh() { guest exec "$work/laptop.ga" /bin/sh -c "$1" </dev/null; }
laptop_put() { guest put "$work/laptop.ga" "$1"; }

laptop_boots() {
    boot_router laptop public=02:00:cb:00:71:96
    laptop_sh "card=\$(ls /sys/class/net | grep -v lo | head -1); ip link set \$card up; ip address add $laptop_address/24 dev \$card
        sed -e 's/install_routes = no/install_routes = yes/' -e 's/install_virtual_ip = no/install_virtual_ip = yes/' /etc/strongswan.conf >/run/dial.conf
        mkdir -p /run/dial
        /usr/sbin/modprobe -a xfrm_user esp4 drbg authenc echainiv
        STRONGSWAN_CONF=/run/dial.conf setsid /usr/lib/ipsec/charon >/dev/null 2>&1 </dev/null &
        sleep 2"
}

# dial eap|xauth USER PASSWORD [KEY]: what the laptop is told when it logs in; 0 if it is in.
dial() {
    local version=2 who=eap
    [[ $1 == eap ]] || version=1 who=xauth
    laptop_put /run/dial/swanctl.conf <<CONF
connections {
  work {
    version = $version
    remote_addrs = $near_address
    proposals = aes256-sha256-modp2048
    keyingtries = 1
    vips = 0.0.0.0
    $([[ $1 == eap ]] && echo "local {
      auth = eap-mschapv2
      eap_id = $2
    }" || echo "local-key {
      auth = psk
    }
    local-user {
      auth = xauth
      xauth_id = $2
    }")
    remote {
      auth = psk
      id = $near_address
    }
    children {
      work {
        remote_ts = 10.1.1.0/24
        esp_proposals = aes256-sha256
      }
    }
  }
}
secrets {
  $who-me {
    id = $2
    secret = 0s$(printf %s "$3" | base64)
  }
  ike-work {
    secret = 0s$(printf %s "${4:-between-us}" | base64)
  }
}
CONF
    laptop_sh 'export SWANCTL_DIR=/run/dial STRONGSWAN_CONF=/run/dial.conf
        swanctl --terminate --ike work --force --timeout 5 >/dev/null 2>&1
        swanctl --load-all --clear --noprompt && swanctl --initiate --child work --timeout 60' >"$work/dialled" 2>&1
}

hang_up() { laptop_sh 'STRONGSWAN_CONF=/run/dial.conf swanctl --terminate --ike work --force --timeout 5' >/dev/null 2>&1 || :; }
sessions() { router_sh 'swanctl --list-sas --ike clients-eap; swanctl --list-sas --ike clients-xauth' | grep -c ESTABLISHED; }
laptop_reaches() { laptop_sh 'ping -c 1 -W 2 10.1.1.5 >/dev/null'; }

run_remote_stories() {
    prepare
    boot_router
    cp -r "$work/one" "$work/three"
    cp -r "$work/one" "$work/two"
    clients "$work/three" alice=pass-for-alice 'bob=b"o\b } #'
    admits_clients "$work/one/nft.rules" >"$work/three/nft.rules"
    echo listen-address=10.1.1.1 >>"$work/three/dnsmasq.conf"
    apply 1 "$work/three"
    figure "router: remote access applied in $(took router)"
    applied "remote access is configured" 1
    boot_tiny
    within 90 line_in_log tiny 'tiny: ready, vm-one 10.1.1.5' || fail "the guest is ready" "$(tail -5 "$work/tiny.log")"
    is "it is none of the connections that are told of" '{"tunnels":[]}' "$(router tunnels)"
    laptop_boots
    outside_is_outside
    logs_in_by eap alice pass-for-alice
    logs_in_by xauth bob 'b"o\b } #'
    wrong_words_are_refused
    removed_users_are_cut_off
    router_serves_again
    remote_access_ends
    kill_vm laptop
    kill_vm tiny
    kill_vm router
}

outside_is_outside() {
    laptop_sh "ip route add 10.1.1.0/24 via $near_address"
    is "who has not logged in reaches no guest" 1 "$(laptop_reaches && echo 0 || echo 1)"
    laptop_sh "ip route del 10.1.1.0/24"
}

logs_in_by() {
    local seen
    dial "$@" && pass "$2 logs in by $1" || fail "$2 logs in by $1" "$(tail -n 5 "$work/dialled")"
    within 20 laptop_reaches && pass "$2 reaches a guest" || fail "$2 reaches a guest" "$(router_sh 'swanctl --list-sas')"
    has "the guest sees an address of the range" 10.9.9. "$(tiny_sh 'ping -c 1 -W 2 10.9.9.1 >/dev/null && echo 10.9.9.1 || { ping -c 1 -W 2 10.9.9.2 >/dev/null && echo 10.9.9.2; }')"
    has "names are answered" 10.1.1.1 "$(laptop_sh 'nslookup data-server 10.1.1.1 2>&1')"
    is "what is not of the network goes by another way" 0 "$(laptop_sh 'ip route get 198.51.100.7 2>&1 | grep -c 10.9.9.')"
    rm -f "$work/heard"
    inside python3 "$here/test.d/sniff.py" router1 "$work/heard" 10.1.1.0/24 10.9.9.0/24 >"$work/wire" &
    local sniffer=$!
    sleep 1
    laptop_sh 'ping -c 3 -W 2 10.1.1.5 >/dev/null' || :
    touch "$work/heard"
    wait $sniffer
    seen=$(cat "$work/wire")
    is "what they say is sealed" "yes 0" "$([[ ${seen% *} -ge 6 ]] && echo yes || echo "${seen% *}") ${seen#* }"
    hang_up
    is "then nobody is in" 0 "$(sessions)"
}

wrong_words_are_refused() {
    local how
    for how in eap xauth; do
        dial $how alice wrong && fail "a wrong password is refused by $how" || pass "a wrong password is refused by $how"
        dial $how carol pass-for-alice && fail "a stranger is refused by $how" || pass "a stranger is refused by $how"
        dial $how alice pass-for-alice wrong && fail "a wrong key is refused by $how" || pass "a wrong key is refused by $how"
    done
    hang_up
    is "nobody is in" 0 "$(sessions)"
}

removed_users_are_cut_off() {
    local how before
    cp -r "$work/three" "$work/four"
    clients "$work/four" alice=pass-for-alice
    for how in eap xauth; do
        dial $how alice pass-for-alice || fail "alice logs in by $how" "$(tail -n 5 "$work/dialled")"
        before=$(router_sh 'swanctl --list-sas' | head -n 1 | cut -d, -f1)
        apply "${number:=2}" "$work/four"
        applied "bob goes while alice is in by $how" $((number++))
        is "alice stays" "$before" "$(router_sh 'swanctl --list-sas' | head -n 1 | cut -d, -f1)"
        apply $number "$work/three"
        applied "bob comes back" $((number++))
        dial $how bob 'b"o\b } #' || fail "bob logs in by $how" "$(tail -n 5 "$work/dialled")"
        is "bob is in" 1 "$(sessions)"
        apply $number "$work/four"
        applied "bob goes while he is in by $how" $((number++))
        is "he is cut off" 0 "$(sessions)"
        is "and reaches nobody" 1 "$(laptop_reaches && echo 0 || echo 1)"
        dial $how bob 'b"o\b } #' && fail "he does not come in again" || pass "he does not come in again"
        apply $number "$work/three"
        applied "bob comes back once more" $((number++))
    done
}

router_serves_again() {
    dial eap alice pass-for-alice || fail "alice logs in" "$(tail -n 5 "$work/dialled")"
    router_sh 'kill -9 $(cat /run/charon.pid)'
    sleep 10
    within 60 dial eap alice pass-for-alice && pass "the daemon died, and clients come back" || fail "the daemon died, and clients come back" "$(tail -n 5 "$work/dialled")"
}

remote_access_ends() {
    apply 40 "$work/two"
    applied "remote access ends" 40
    is "charon goes with it" 1 "$(router_sh 'ps | grep -q "[i]psec/charon"; echo $?')"
    is "and what it left in the kernel" 0 "$(router_sh '/usr/bin/ip xfrm policy | wc -l')"
}
