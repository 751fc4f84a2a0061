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
    answers left
    HOSTS=2 "$box/up" "$run"
    # The machine was switched off: what is wanted stands, and the guests start again.
    wait_for 180 answers right
    wait_for 120 answers stranger
    [[ $(qemu_of left) == "$before" ]]
}

it_leaves_nothing_of_a_network_that_is_gone() {
    local vm
    for vm in left right stranger; do strat api destroyVirtualMachine id="$(vm_field "$vm" id)" expunge=true; done
    strat api deleteNetwork id="$(strat api listNetworks listall=true keyword=other | jq -r '.network[0].id')"
    # The one that reads the store may have been on the host that died.
    wait_for 120 strat audit
}
