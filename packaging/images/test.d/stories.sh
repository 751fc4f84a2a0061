# What the images promise, in the order a cloud meets it. Sourced by bash.
# shellcheck shell=bash disable=SC2016

guest_mac=02:00:0a:01:01:01 public_mac=02:00:cb:00:71:0a tiny_mac=02:00:0a:01:01:05
web="http://10.1.1.1/latest"

run_stories() {
    prepare
    router_starts_empty
    router_takes_a_configuration
    metadata_answers_as_agreed
    tells_strangers_nothing
    guest_comes_up
    guest_is_reachable
    password_is_taken_once
    router_mends_what_drifted
    router_probes_the_network
    router_counts_what_passes
    router_tells_how_it_is
    router_takes_the_next_generation
    router_keeps_what_works
    router_scales
    router_changes_one_rule_of_many
    router_hands_connections_over
    router_is_rebuilt
    guest_is_told_more_and_sends_less
    guest_restarts_and_grows
    vms_stop_when_asked
}

prepare() {
    rm -f "$work/key"*
    ssh-keygen -q -t ed25519 -N '' -C first -f "$work/key"
    # What another part has made of them.
    rm -rf "$work"/{none,one,two,three,four,five,six,seven}
    cp -r "$here/test.d/router" "$work/one"
    sed -i "s#@KEY@#$(cat "$work/key.pub")#" "$work/one/metadata/10.1.1.5"
    # Asked for once: a recipe edited while the test runs must not change the images under it.
    system_vm=$("$here/ensure" "$system_vm_image") && tiny=$("$here/ensure" tiny) || exit
    cp "$tiny/tiny.qcow2" "$work/tiny.qcow2"
    local folder
    for folder in "$system_vm" "$tiny"; do figure "${folder##*/}: $(grep -o '{ .* }' "$folder/about.json")"; done
}

router_starts_empty() {
    boot_router
    has "an empty router is at generation 0" '{"generation":0,"booted":"' "$(router status)"
    figure "router: $(router_sh "free -k | awk '/Mem/ { print \$3 \" kB used of \" \$2 \", \" \$7 \" available\" }'") before configuration"
    cp -r "$work/one" "$work/none"
    rm "$work/none/nft.rules"
    apply 1 "$work/none"
    has "without a filter it stays empty" '{"generation":0,' "$said"
    has "and says why" '"failed":"nft","text":"no nft.rules file"' "$said"
}

router_takes_a_configuration() {
    apply 1 "$work/one"
    figure "router: first apply in $(took router)"
    applied "the first generation is applied" 1
    apply 1 "$work/one"
    figure "router: repeated apply in $(took router)"
    applied "the same generation again succeeds" 1
    has "the status tells the generation" '"generation":1,' "$(router status)"
    is "the host name is set" r-4-vm "$(router_sh hostname)"
    has "the interfaces carry their roles" g-02000a010101 "$(router_sh 'ip -o address')"
    figure "router: $(router_sh "free -k | awk '/Mem/ { print \$3 \" kB used of \" \$2 \", \" \$7 \" available\" }'") configured"
    figure "router: memory by process (kB): $(router_sh 'for p in /proc/[0-9]*; do awk -v n="$(cat $p/comm 2>/dev/null)" "/^Pss:/ { print n, \$2 }" $p/smaps_rollup 2>/dev/null; done | sort -k2nr | head -8 | tr "\n" ";"')"
    is "the gateway is reachable" 0 "$(router_sh 'ping -c 1 -W 3 203.0.113.1 >/dev/null; echo $?')"
}

# web PATH: what a guest with the first VM's address is told, as "STATUS BODY".
ask() { inside curl -s -m 10 --interface "$1" -o "$work/body" -w '%{http_code}' "${@:2}"; echo " $(cat "$work/body" 2>/dev/null)"; rm -f "$work/body"; }

metadata_answers_as_agreed() {
    # The guest is not up yet, so the test may use its address.
    inside ip address add 10.1.1.5/24 dev guests
    local me=10.1.1.5 list
    list=$(ask $me $web/meta-data/)
    has "the names are listed" $'public-hostname\ninstance-id\nvm-id\npublic-keys\n' "$list"
    is "the list needs no slash" "$list" "$(ask $me $web/meta-data)"
    is "a name answers" "200 vm-one" "$(ask $me $web/meta-data/local-hostname)"
    is "a name answers with a slash" "200 vm-one" "$(ask $me $web/meta-data/local-hostname/)"
    is "a name answers without meta-data" "200 vm-one" "$(ask $me $web/local-hostname)"
    is "a name answers in capitals" "200 Small Instance" "$(ask $me http://10.1.1.1/Latest/Meta-Data/SERVICE-Offering)"
    is "an empty value is no error" "200 " "$(ask $me $web/meta-data/public-hostname)"
    is "a value may have lines" "200 $(cat "$work/key.pub")"$'\nssh-ed25519 AAAAsecond second' "$(ask $me $web/meta-data/public-keys)"
    is "an unknown name is not found" "404 " "$(ask $me $web/meta-data/nothing)"
    is "another path is not found" "404 " "$(ask $me http://10.1.1.1/passwords/10.1.1.5)"
    inside curl -s --interface $me -o "$work/raw" $web/user-data
    is "user data comes as it is" "$(sha256sum <"$work/one/userdata/10.1.1.5")" "$(sha256sum <"$work/raw")"
    is "the password service wants its header" "400 bad_request" "$(ask $me http://10.1.1.1:8080/)"
    is "the password is offered" "200 Secret-7" "$(ask $me -H 'DomU_Request: send_my_password' http://10.1.1.1:8080/)"
    is "and offered again until it is taken" "200 Secret-7" "$(ask $me -H 'DomU_Request: send_my_password' http://10.1.1.1:8080/)"
    inside ip address del 10.1.1.5/24 dev guests
}

tells_strangers_nothing() {
    is "a stranger gets no list" "404 " "$(ask 10.1.1.9 $web/meta-data/)"
    is "a stranger gets no user data" "404 " "$(ask 10.1.1.9 $web/user-data)"
    is "a stranger gets no password" "404 " "$(ask 10.1.1.9 -H 'DomU_Request: send_my_password' http://10.1.1.1:8080/)"
    is "the public side has no metadata" 1 "$(outside curl -s -m 2 http://203.0.113.10/latest/meta-data/ >/dev/null && echo 0 || echo 1)"
}

line_in_log() { grep -q "$2" "$work/$1.log"; }

guest_comes_up() {
    boot_tiny
    if within 90 line_in_log tiny 'tiny: ready, vm-one 10.1.1.5'; then pass "the guest is ready"; else
        fail "the guest is ready" "$(tail -5 "$work/tiny.log")"; fi
    figure "tiny: ready after $(since "$booted") s ($(cpu tiny) s of CPU)"
    within 30 through_ssh true || :
    figure "tiny: SSH after $(since "$booted") s ($(cpu tiny) s of CPU)"
    guest ping "$work/tiny.ga" 30 >/dev/null || fail "the guest's agent answers"
    is "the guest has its name" vm-one "$(tiny_sh hostname)"
    is "data-server is the router" 0 "$(tiny_sh 'nslookup data-server | grep -q 10.1.1.1; echo $?')"
    is "names resolve in programs" 0 "$(tiny_sh 'wget -q -O - http://data-server/latest/vm-id >/dev/null; echo $?')"
    is "user data ran" "user data ran on vm-one" "$(within 15 line_in_log tiny 'user-data: user data ran'; tiny_sh 'cat /root/user-data-ran')"
    has "user data is logged to the console" "user-data: user data ran on vm-one" "$(cat "$work/tiny.log")"
    is "traffic leaves with the public address" 203.0.113.10 "$(tiny_sh 'timeout 5 wget -q -O - http://198.51.100.7/')"
    is "the guest's password is set" 0 "$(tiny_sh 'grep -q "^root:\$6\\$" /etc/shadow; echo $?')"
}

through_ssh() { inside ssh "${ssh_options[@]}" -i "$work/key" root@10.1.1.5 "$@"; }
balanced() { outside ssh "${ssh_options[@]}" -i "$work/key" -p 8000 root@203.0.113.11 "$@"; }
ssh_options=(-F /dev/null -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=10 -o IdentitiesOnly=yes)

guest_is_reachable() {
    is "the key opens SSH" vm-one "$(through_ssh hostname)"
    is "a forwarded port reaches the guest" vm-one \
        "$(outside ssh "${ssh_options[@]}" -i "$work/key" -p 2222 root@203.0.113.10 hostname)"
    # The load balancer looks every two seconds, and wants to see the guest more than once.
    within 10 balanced true
    is "the load balancer reaches the guest" vm-one \
        "$(balanced hostname)"
    is "the password opens SSH" vm-one "$(password_ssh Secret-7)"
    is "an empty password does not" "" "$(password_ssh '')"
}

password_ssh() {
    printf '#!/bin/sh\necho "%s"\n' "$1" >"$work/askpass"
    chmod 700 "$work/askpass"
    inside env SSH_ASKPASS="$work/askpass" SSH_ASKPASS_REQUIRE=force setsid ssh "${ssh_options[@]}" -o PubkeyAuthentication=no \
        -o NumberOfPasswordPrompts=1 root@10.1.1.5 hostname 2>/dev/null </dev/null || :
}

password_is_taken_once() {
    has "the taken password is reported" '"passwords_taken":[41]' "$(router status)"
    router_sh 'kill -9 $(cat /run/stratiform/metadata.pid)'
    within 20 inside curl -s -m 2 -o /dev/null http://10.1.1.1/ && pass "a dead metadata service is started again" || fail "a dead metadata service is started again"
    is "it is not offered again" saved_password "$(tiny_sh 'wget -q -O - --header "DomU_Request: send_my_password" http://10.1.1.1:8080/')"
}

router_mends_what_drifted() {
    local well='"look":"interfaces","text":""},{"look":"filter","text":""},{"look":"forwarding","text":""}'
    has "a router that is well says so" "$well" "$(router look)"
    router_sh 'nft flush ruleset; echo 0 >/proc/sys/net/ipv4/ip_forward; ip address del 10.1.1.1/24 dev g-*' || :
    local found
    found=$(router look)
    has "rules that are gone are found" 'rules are not as they were loaded' "$found"
    has "forwarding that is off is found" 'packets are not forwarded' "$found"
    has "all of it is in force again" "$well" "$(router look)"
    inside curl -s -m 2 -o /dev/null http://10.1.1.1/ && pass "guests are served again" || fail "guests are served again"
}

received() { jq -r --arg name "$2" '[(.addresses + .cards)[] | select(.name == $name).received] | add // 0' <<<"$1"; }

router_counts_what_passes() {
    local before
    # The rules were flushed a moment ago, and what was counted with them.
    router_sh '/usr/lib/stratiform/router traffic' >/dev/null
    tiny_sh 'timeout 5 wget -q -O - http://198.51.100.7/' >/dev/null
    before=$(router_sh '/usr/lib/stratiform/router traffic')
    tiny_sh 'timeout 5 wget -q -O - http://198.51.100.7/' >/dev/null
    counted=$(router_sh '/usr/lib/stratiform/router traffic')
    local name
    for name in 203.0.113.10 g-02000a010101; do
        is "what passes $name is counted" 1 "$(( $(received "$before" $name) > 200 && $(received "$counted" $name) > $(received "$before" $name) ))"
    done
}

router_probes_the_network() {
    local found
    found=$(router_sh '/usr/lib/stratiform/diagnose ping 10.1.1.5 -c 2')
    has "it pings a guest" '2 packets received' "$found"
    found=$(router_sh '/usr/lib/stratiform/diagnose arping 10.1.1.5 -c 1')
    has "it finds a guest by ARP, on the right card" 'from 10.1.1.5' "$found"
    found=$(router_sh '/usr/lib/stratiform/diagnose traceroute 198.51.100.7 -m 5')
    has "it follows the way out" '198.51.100.7' "$found"
}

router_tells_how_it_is() {
    local found
    found=$(router_sh '/usr/lib/stratiform/collect iptables ipaddr connections /etc/dnsmasq.conf /etc/dhcphosts.txt | tar -tz')
    for part in iptables ipaddr connections etc_dnsmasq.conf etc_dhcphosts.txt; do has "it collects $part" "./$part" "$found"; done
    has "its rules are among it" 'table ' "$(router_sh '/usr/lib/stratiform/collect iptables | tar -xzO')"
    is "passwords are not" 2 "$(router_sh '/usr/lib/stratiform/collect /var/lib/stratiform/current/passwords/10.1.1.5 2>/dev/null >/dev/null; echo $?')"
}

router_takes_the_next_generation() {
    cp -r "$work/one" "$work/two"
    echo '02:00:0a:01:01:06,10.1.1.6,vm-two,infinite' >>"$work/two/dnsmasq.hosts"
    echo '10.1.1.6 vm-two' >>"$work/two/hosts"
    printf '42\nSecret-8\n' >"$work/two/passwords/10.1.1.5"
    local before
    before=$(router_sh 'cat /run/stratiform/dnsmasq.pid')
    apply 2 "$work/two"
    figure "router: second generation (hosts and a password) applied in $(took router)"
    applied "the next generation is applied" 2
    has "with it the taken password is reported" '"passwords_taken":[41]' "$said"
    is "new hosts need no restart" "$before" "$(router_sh 'cat /run/stratiform/dnsmasq.pid')"
    has "the new host has a name" 10.1.1.6 "$(tiny_sh 'nslookup vm-two.cs1.internal 10.1.1.1')"
    is "what was counted stays" 1 "$(($(received "$(router_sh '/usr/lib/stratiform/router traffic')" 203.0.113.10) >= $(received "$counted" 203.0.113.10)))"
    is "a new password is offered" Secret-8 "$(tiny_sh 'wget -q -O - --header "DomU_Request: send_my_password" http://10.1.1.1:8080/')"
    is "old trees go" 1 "$(router_sh 'ls /var/lib/stratiform/trees | wc -l')"
}

router_keeps_what_works() {
    local good
    good=$(router_sh 'nft list ruleset inet')
    cp -r "$work/two" "$work/three"
    echo 'add rule inet stratiform nowhere accept' >>"$work/three/nft.rules"
    apply 3 "$work/three"
    is "broken rules are refused" 4 "$code"
    has "the part that failed is named" '"failed":"nft","text":"' "$said"
    is "the rules in force stay" "$good" "$(router_sh 'nft list ruleset inet')"
    has "the generation stays" '"generation":2,' "$(router status)"

    cp "$work/two/nft.rules" "$work/three/nft.rules"
    sed -i 's/203.0.113.11:8000/203.0.113.99:8000/' "$work/three/haproxy.cfg"
    sed -i 's/dport 2222/dport 2223/' "$work/three/nft.rules"
    apply 3 "$work/three"
    is "a daemon that cannot start is a failure" 4 "$code"
    has "the daemon is named" '"failed":"haproxy"' "$said"
    is "the parts before it go back" "$good" "$(router_sh 'nft list ruleset inet')"
    is "the guest still gets out" 203.0.113.10 "$(tiny_sh 'timeout 5 wget -q -O - http://198.51.100.7/')"

    echo 'dhcp-range=nonsense' >>"$work/three/dnsmasq.conf"
    apply 3 "$work/three"
    has "a bad dnsmasq.conf is found before anything is switched" '"failed":"dnsmasq"' "$said"

    apply 1 "$work/one"
    is "an older generation is refused" 3 "$code"
    has "and says so" '"failed":"generation"' "$said"
    has "and what is applied" '"generation":2,' "$said"

    pack 9 "$work/two"
    echo "../../etc/passwd $(sha256sum </dev/null | cut -c1-64)" >>"$work/packed/manifest"
    pack_files .
    apply_packed 2>"$work/refused"
    is "a bad manifest is refused" "2 router: manifest line $(wc -l <"$work/packed/manifest"): bad path" "$code $(cat "$work/refused")"
    pack 9 "$work/two"
    pack_files --exclude=./hosts .
    apply_packed 2>"$work/refused"
    is "a tar that lacks a file of the router is refused" 2 "$code"
    head -c 1000 "$work/packed.tar.gz" >"$work/half"
    mv "$work/half" "$work/packed.tar.gz"
    apply_packed
    has "half a tar is not applied" '4 {"generation":2,' "$code $said"
    has "and is named as what failed" '"failed":"tree"' "$said"

    printf '44\nSecret-4\n' >"$work/three/passwords/10.1.1.5"
    apply 3 "$work/three" bare
    is "a file that the router lacks is asked for" "5 [\"$(sha256sum <"$work/three/passwords/10.1.1.5" | cut -c1-64)\"]" \
        "$code $(jq -c .missing <<<"$said")"
    has "until it comes nothing changes" '{"generation":2,' "$said"
}

router_scales() {
    cp -r "$work/two" "$work/four"
    python3 - "$work/four" <<'PYTHON'
import sys
folder = sys.argv[1]
with open(folder + "/dnsmasq.hosts", "a") as hosts, open(folder + "/hosts", "a") as names:
    for n in range(2000):
        address = "10.1.%d.%d" % (100 + n // 200, 10 + n % 200)
        hosts.write("02:01:00:00:%02x:%02x,%s,many-%d,infinite\n" % (n // 256, n % 256, address, n))
        names.write("%s many-%d\n" % (address, n))
        with open("%s/metadata/%s" % (folder, address), "w") as file:
            file.write("instance-id i-%d\nlocal-hostname many-%d\n" % (n, n))
PYTHON
    apply 4 "$work/four"
    figure "router: 2,000 guests applied in $(took router)"
    applied "2,000 guests are applied" 4
    cp -r "$work/four" "$work/five"
    printf '43\nSecret-9\n' >"$work/five/passwords/10.1.1.5"
    apply 5 "$work/five" bare
    is "only what is new is asked for" 1 "$(jq '.missing | length' <<<"$said")"
    figure "router: one change among 2,000 guests asked for in $(took router)"
    ln -f "$work/five/passwords/10.1.1.5" "$work/packed/files/$(jq -r '.missing[0]' <<<"$said")"
    pack_files --mode=g+r .
    start router
    apply_packed
    figure "router: one change among 2,000 guests applied in $(took router)"
    is "the password is offered among 2,000 guests" Secret-9 "$(tiny_sh 'wget -q -O - --header "DomU_Request: send_my_password" http://10.1.1.1:8080/')"
    figure "router: $(router_sh "free -k | awk '/Mem/ { print \$3 \" kB used of \" \$2 \", \" \$7 \" available\" }'") with 2,000 guests"
}

twin() { guest exec "$work/twin.ga" /usr/lib/stratiform/router "$@"; }
says_back() { outside ssh "${ssh_options[@]}" -i "$work/key" -p 2222 root@203.0.113.10 cat; }
talk_until() { until [[ -e $1 ]]; do echo "$SECONDS $RANDOM"; sleep 0.2; done | tee "$work/told" | says_back >"$work/heard"; }

# A second router with the same addresses stands aside until it has the connections; from then on it serves.
router_hands_connections_over() {
    local talker old
    boot_router twin "aside=$guest_mac" "aside=$public_mac"
    pack 26 "$work/two"
    is "a twin is configured aside" 0 "$(twin apply <"$work/packed.tar.gz" >/dev/null; echo $?)"
    talk_until "$work/over" &
    talker=$!
    within 30 test -s "$work/heard" || fail "a connection stands through a forwarded port"
    start twin
    router connections >"$work/connections"
    twin adopt <"$work/connections" || fail "the twin takes the connections"
    figure "router: $(gzip -dc <"$work/connections" | wc -l) connections handed over in $(took twin)"
    has "with their translation" "203.0.113.10" "$(guest exec "$work/twin.ga" /usr/sbin/conntrack -L -p tcp --dport 2222 </dev/null)"
    for old in 0 1; do inside ip link set "router$old" nomaster; done
    inside ip link set twin0 master guests
    inside ip link set twin1 master public
    sleep 5
    touch "$work/over"
    wait $talker
    is "the connection goes on in the twin" "$(cat "$work/told")" "$(cat "$work/heard")"
    is "nonsense is no connection" 0 "$(echo '-F' | gzip | twin adopt >/dev/null; echo $?)"
    has "and ends none" 203.0.113.10 "$(guest exec "$work/twin.ga" /usr/sbin/conntrack -L -p tcp --dport 2222 </dev/null)"
    kill_vm twin
}

router_is_rebuilt() {
    kill_vm router
    boot_router
    has "a new router is empty" '"generation":0,' "$(router status)"
    apply 2 "$work/two"
    figure "router: rebuilt in $(took router) after its agent answered"
    applied "it takes the configuration" 2
    is "the guest goes on" 203.0.113.10 "$(tiny_sh 'timeout 5 wget -q -O - http://198.51.100.7/')"
    is "the key still opens SSH from outside" vm-one \
        "$(outside ssh "${ssh_options[@]}" -i "$work/key" -p 2222 root@203.0.113.10 hostname)"
}

guest_restarts_and_grows() {
    local keys
    keys=$(tiny_sh 'echo kept >/root/kept; sha256sum /etc/dropbear/*')
    guest qmp "$work/tiny.qmp" system_powerdown >/dev/null
    within 30 gone tiny && pass "the power button stops the guest" || fail "the power button stops the guest"
    rm -f "$work/tiny.pid"
    qemu-img resize -q "$work/tiny.qcow2" 2G
    boot_tiny -smbios 'type=1,manufacturer=Apache Software Foundation,product=CloudStack KVM Hypervisor,uuid=5d7e0a52-6c0f-4b6e-9c33-0c3d6a1f0e11'
    within 90 line_in_log tiny 'tiny: ready, vm-one 10.1.1.5' || fail "the guest comes back" "$(tail -5 "$work/tiny.log")"
    figure "tiny: ready after $(since "$booted") s ($(cpu tiny) s of CPU) the second time"
    guest ping "$work/tiny.ga" 30 >/dev/null
    is "its files are kept" "kept" "$(tiny_sh 'cat /root/kept')"
    is "its host keys are kept" "$keys" "$(tiny_sh 'sha256sum /etc/dropbear/*')"
    is "user data does not run again" 0 "$(grep -c 'user-data:' "$work/tiny.log" || :)"
    within 20 grown && pass "the file system fills the larger disk" || fail "the file system fills the larger disk" "$(tiny_sh 'df -m /')"
    is "the new password is set" vm-one "$(password_ssh Secret-8)"
}

grown() { [[ $(tiny_sh "df -m / | awk 'NR == 2 { print \$2 }'") -gt 1800 ]]; }

vms_stop_when_asked() {
    guest call "$work/tiny.ga" guest-shutdown
    within 30 gone tiny && pass "the guest agent stops the guest" || fail "the guest agent stops the guest"
    rm -f "$work/tiny.pid"
    guest qmp "$work/router.qmp" system_powerdown >/dev/null
    within 30 gone router && pass "the power button stops the router" || fail "the power button stops the router"
    rm -f "$work/router.pid"
    boot_router
    guest call "$work/router.ga" guest-shutdown
    within 30 gone router && pass "the guest agent stops the router" || fail "the guest agent stops the router"
    rm -f "$work/router.pid"
}
