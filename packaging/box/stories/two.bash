# Two hosts, two networks: what shares a network meets across hosts by name, what does not cannot. Sourced by story.
# shellcheck shell=bash disable=SC2154

host_id() { strat api listHosts type=Routing name="$1" | jq -r '.host[0].id'; }
lives_on() { [[ $(vm_field "$1" hostname) == "$2" ]]; }
cannot() { ! "$@"; }

it_grows_by_a_second_host() {
    HOSTS=2 "$box/up" "$run"
    [[ $(strat api listHosts type=Routing state=Up | jq .count) == 2 ]]
}

it_spreads_a_network_over_both_hosts() {
    deploy left hostid="$(host_id host-1)" --no-wait
    deploy right hostid="$(host_id host-2)"
    lives_on right host-2
    await_answer right
    await_answer left
    lives_on left host-1
}

it_lets_them_reach_each_other_by_name() {
    on left ping -c 2 -W 5 right
    on right ping -c 2 -W 5 left
}

it_carries_full_frames_between_hosts() {
    on left ping -c 2 -W 5 -s 1400 right
}

it_reaches_the_public_network_from_the_host_without_the_router() {
    on left ping -c 2 -W 5 172.31.255.1
    on right ping -c 2 -W 5 172.31.255.1
}

it_rebuilds_a_router_on_the_other_host_under_pings() {
    local before
    acquire own
    strat api enableStaticNat ipaddressid="$(<"$work/own.id")" virtualmachineid="$(vm_field left id)"
    strat api createFirewallRule ipaddressid="$(<"$work/own.id")" protocol=icmp icmptype=8
    outside ping -c 1 -W 5 "$(<"$work/own")"
    before=$(router hostname)
    strat api updateHost id="$(host_id "$before")" allocationstate=Disable
    pinging "$(<"$work/own")" rebuild
    strat api updateHost id="$(host_id "$before")" allocationstate=Enable
    [[ $(router hostname) != "$before" ]]
    figure "$(<"$work/pinged")"
    lost_at_most_one
    on right ping -c 1 -W 5 "${outside_address%/*}"
    strat api disassociateIpAddress id="$(<"$work/own.id")"
}

# Of the pair of routers that serves the network whose id is in a file.
turn() { strat api listRouters listall=true networkid="$(<"$work/pair")" | jq -r "[.router[] | select(.state == \"Running\" and .redundantstate == \"$1\")][0].$2 // empty"; }
serves() { [[ $(turn PRIMARY name) == "$1" ]]; }
take_turns() { [[ -n $(turn PRIMARY id) && -n $(turn BACKUP id) ]]; }
kill_who_serves() {
    local dying host
    dying=$(turn PRIMARY name) host=$(turn PRIMARY hostname)
    in_host "${host#host-}" virsh --quiet destroy "$dying"
    wait_for 60 outside ping -c 1 -W 1 "$(<"$work/web")"
}
restart_both() { strat api restartNetwork id="$(<"$work/pair")" cleanup=true; }
# The longest time without an answer, seconds.
silence() { awk '/bytes from/ { sub(".*icmp_seq=", ""); if ($1 - last > gap) gap = $1 - last; last = $1 + 0 } END { printf "%.1f s", gap / 5 }' "$work/pings"; }

it_gives_a_network_two_routers_on_two_hosts() {
    strat api createNetworkOffering name=twofold displaytext=twofold traffictype=Guest guestiptype=Isolated enable=true \
        "servicecapabilitylist[0].service=SourceNat" "servicecapabilitylist[0].capabilitytype=RedundantRouter" "servicecapabilitylist[0].capabilityvalue=true"
    new_network twice twofold gateway=10.3.3.1 netmask=255.255.255.0 >"$work/pair"
    NETWORK=$(<"$work/pair") deploy paired hostid="$(host_id host-1)"
    await_answer paired
    wait_for 120 take_turns
    [[ $(turn PRIMARY hostname) != "$(turn BACKUP hostname)" ]]
    strat api associateIpAddress networkid="$(<"$work/pair")" >"$work/address"
    jq -r '.. | .ipaddress? | strings' "$work/address" | head -1 >"$work/web"
    jq -r '.. | .id? | strings' "$work/address" | head -1 >"$work/web.id"
    strat api enableStaticNat ipaddressid="$(<"$work/web.id")" virtualmachineid="$(vm_field paired id)"
    strat api createFirewallRule ipaddressid="$(<"$work/web.id")" protocol=icmp icmptype=8
    open_to web 22 0.0.0.0/0
    outside ping -c 2 -W 5 "$(<"$work/web")"
}

it_serves_on_when_the_router_that_serves_is_killed() {
    local before talker
    before=$(turn BACKUP name)
    SSH_PORT=22 talk_until "$work/over" &
    talker=$!
    wait_for 30 test -s "$work/heard"
    sleep 2
    pinging "$(<"$work/web")" kill_who_serves
    touch "$work/over"
    wait "$talker"
    figure "one of two routers killed: $(<"$work/pinged"), $(silence) without an answer; $(wc -l <"$work/told") lines by one connection, $(($(wc -l <"$work/told") - $(wc -l <"$work/heard"))) lost"
    cmp "$work/told" "$work/heard"
    # What lists say of them is some seconds old.
    wait_for 60 serves "$before"
    wait_for 120 take_turns
    strat api listEvents type=ROUTER.HA keyword="$before" | jq -e '[.event[].description | select(contains("serves in place of"))] | length > 0'
}

it_restarts_both_routers_of_a_pair_one_after_the_other() {
    pinging "$(<"$work/web")" restart_both
    figure "two routers built anew in turn: $(<"$work/pinged"), $(silence) without an answer"
    wait_for 120 take_turns
    on paired ping -c 1 -W 5 "${outside_address%/*}"
}

it_gives_a_vpc_a_second_router_while_it_serves() {
    local twice vpc
    twice=$(<"$work/pair")
    vpc=$(strat api createVPC name=lasting displaytext=lasting zoneid="$(cat "$run/data/seeded/zone")" cidr=10.10.0.0/16 \
        vpcofferingid="$(strat api listVPCOfferings | jq -r '.vpcoffering[0].id')" | jq -r '.. | .id? | strings' | head -1)
    new_network lasting DefaultIsolatedNetworkOfferingForVpcNetworks vpcid="$vpc" gateway=10.10.1.1 netmask=255.255.255.0 aclid="$(acl default_allow)" >"$work/pair"
    NETWORK=$(<"$work/pair") deploy tenant hostid="$(host_id host-1)"
    await_answer tenant
    strat api restartVPC id="$vpc" makeredundant=true
    wait_for 120 take_turns
    on tenant ping -c 1 -W 5 "${outside_address%/*}"
    in_host "$(turn PRIMARY hostname | tr -dc 0-9)" virsh --quiet destroy "$(turn PRIMARY name)"
    wait_for 60 on tenant ping -c 1 -W 1 "${outside_address%/*}"
    wait_for 120 take_turns
    strat api destroyVirtualMachine id="$(vm_field tenant id)" expunge=true
    strat api deleteNetwork id="$(<"$work/pair")"
    strat api deleteVPC id="$vpc"
    echo "$twice" >"$work/pair"
}

it_keeps_another_network_apart() {
    local network offering left
    offering=$(strat api listNetworkOfferings name=DefaultIsolatedNetworkOfferingWithSourceNatService | jq -r '.networkoffering[0].id')
    network=$(strat api createNetwork zoneid="$(cat "$run/data/seeded/zone")" name=other displaytext=other \
        networkofferingid="$offering" gateway=10.2.2.1 netmask=255.255.255.0 | jq -r .network.id)
    # On the host of one of the others, so that only the network keeps them apart.
    NETWORK=$network deploy stranger hostid="$(host_id host-2)"
    await_answer stranger
    on stranger ping -c 2 -W 5 172.31.255.1
    left=$(vm_field left 'nic[0].ipaddress')
    cannot on stranger ping -c 2 -W 3 "$left"
    cannot on stranger ping -c 2 -W 3 "$(vm_field right 'nic[0].ipaddress')"
    cannot on stranger nslookup left
    cannot on left ping -c 2 -W 3 "$(vm_field stranger 'nic[0].ipaddress')"
    # It was the network that refused, not a guest that was away.
    on left ping -c 1 -W 5 right
}

it_pulls_the_plug_of_a_host_and_the_other_goes_on() {
    local before
    before=$(qemu_of left)
    "$box/host" kill "$run" 2
    # Whichever of its routers was there.
    wait_for 30 outside ping -c 1 -W 1 "$(<"$work/web")"
    answers left
    HOSTS=2 "$box/up" "$run"
    # The machine was switched off: what is wanted stands, and the guests start again.
    wait_for 180 answers right
    wait_for 120 answers stranger
    [[ $(qemu_of left) == "$before" ]]
}

it_leaves_nothing_of_a_network_that_is_gone() {
    local vm
    for vm in left right stranger paired; do strat api destroyVirtualMachine id="$(vm_field "$vm" id)" expunge=true; done
    strat api deleteNetwork id="$(strat api listNetworks listall=true keyword=other | jq -r '.network[0].id')"
    strat api deleteNetwork id="$(<"$work/pair")"
    # The one that reads the store may have been on the host that died.
    wait_for 120 strat audit
}
