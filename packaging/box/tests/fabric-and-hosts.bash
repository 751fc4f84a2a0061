# What two hosts on one machine must do. Sourced by test, which runs each function that begins with "it_", in order.
# shellcheck shell=bash disable=SC2154

# Unlike "!", ends the test if the command succeeds.
refused() { if "$@"; then return 1; fi; }

in_host() { "$box/enter" "$run" "$@"; }

it_brings_up_a_fabric_and_two_hosts() {
    "$box/fabric" up "$run"
    "$box/host" up "$run" 1 &
    "$box/host" up "$run" 2
    wait $!
}

it_touches_no_link_of_the_machine() {
    refused machine_has_links_of_the_box
}

it_keeps_socket_paths_short_however_long_the_run_folder() {
    [[ ${#run} -gt 108 ]]
    ((${#short} + 40 < 108))
}

it_gives_each_host_a_name_an_identity_and_a_boot_of_its_own() {
    [[ $(in_host 1 hostname) == host-1 && $(in_host 2 hostname) == host-2 ]]
    [[ $(libvirt_uuid 1) == "$(<"$run/hosts/1/host-id")" ]]
    [[ $(libvirt_uuid 1) != "$(libvirt_uuid 2)" ]]
    [[ $(boot_of 1) != "$(boot_of 2)" ]]
}

libvirt_uuid() { in_host "$1" virsh capabilities | sed -n 's|.*<uuid>\(.*\)</uuid>.*|\1|p'; }
boot_of() { in_host "$1" cat /proc/sys/kernel/random/boot_id; }

it_answers_by_libvirt_from_inside_and_outside() {
    for n in 1 2; do
        in_host "$n" virsh --quiet list --all
        virsh --quiet --connect "qemu+unix:///system?socket=$short/hosts/$n/run/libvirt-sock" version
    done
}

it_carries_full_packets_over_management_storage_and_guest() {
    full_ping 172.28.0 1500
    full_ping 172.29.0 9000
    full_ping 172.30.0 1600
    in_host 1 ping -c 1 -W 2 host-2
}

full_ping() { in_host 1 ping -c 2 -i 0.2 -W 2 -M "do" -s $(($2 - 28)) "$1.2"; }

it_carries_no_larger_packet_than_the_guest_wire_allows() {
    refused full_ping 172.30.0 1601
}

it_reaches_the_outside_from_the_public_bridge() {
    in_host 2 ip address add 172.31.255.99/24 dev br-public
    in_host 2 ping -c 2 -i 0.2 -W 2 172.31.255.1
    in_host outside ping -c 2 -i 0.2 -W 2 172.31.255.99
    in_host 2 ip address del 172.31.255.99/24 dev br-public
}

it_joins_guest_networks_over_vxlan() {
    bridge=$(guest_bridge "$network")
    for n in 1 2; do
        in_host "$n" ip -batch - <<BATCH
link add vx type vxlan id 77 group 239.1.1.77 dev eth-guest dstport 4789
link add $bridge mtu 1500 type bridge
link set vx master $bridge up
link set $bridge up
address add 10.1.1.1$n/24 dev $bridge
BATCH
    done
    wait_for 10 in_host 1 ping -c 1 -W 1 10.1.1.12
    in_host 1 ping -c 3 -i 0.2 -W 2 -M "do" -s 1472 10.1.1.12
}

it_plugs_the_operator_into_a_guest_network() {
    "$box/plug" "$run" host-2 "$network" 10.1.1.0/24 ping -c 2 -i 0.2 -W 2 10.1.1.11
    # Two at a time have one address.
    "$box/plug" "$run" host-2 "$network" 10.1.1.0/24 sleep 1 &
    sleep 0.3
    [[ $("$box/plug" "$run" host-1 "$network" 10.1.1.0/24 ip -4 -o address show eth0) == *10.1.1.254/24* ]]
    wait $!
    wait_for 3 no_cable
}

no_cable() { ! in_host 2 ip -o link show | grep -q ': op-'; }

it_unplugs_an_operator_who_was_killed() {
    "$box/plug" "$run" host-2 "$network" 10.1.1.0/24 sleep 60 &
    wait_for 5 plugged
    mapfile -t victims < <(processes "plug-$network")
    end_now "${victims[@]}"
    wait_for 3 no_cable
}

plugged() { in_host 2 ip -o link show | grep -q ': op-'; }

it_keeps_guests_through_a_killed_libvirtd() {
    in_host 1 virsh --quiet create /dev/stdin <"$box/tests/idle-guest.xml"
    before=$(guest_process)
    [[ -n $before ]]
    "$box/host" kill "$run" 1 libvirtd
    wait_for 10 idle_runs
    [[ $(guest_process) == "$before" ]]
}

idle_runs() { in_host 1 virsh --quiet domstate idle | grep -qx running; }
guest_process() { in_host 1 cat /run/libvirt/qemu/idle.pid; }

it_starts_a_killed_agent_again() {
    before=$(daemon_pid 1 agent)
    "$box/host" kill "$run" 1 agent
    wait_for 30 another_agent
    AGENT=$agent "$box/host" up "$run" 1
    idle_runs
}

another_agent() {
    now=$(daemon_pid 1 agent)
    [[ -n $now && $now != "$before" ]]
}

it_replaces_an_agent_of_another_build() {
    before=$(daemon_pid 2 agent)
    { cat "$box/tests/fakes/agent"; echo "# another build"; } >"$work/agent"
    chmod +x "$work/agent"
    AGENT=$work/agent "$box/host" up "$run" 2
    wait_for 10 another_agent_of_host_2
    AGENT=$agent "$box/host" up "$run" 2
}

another_agent_of_host_2() { [[ $(daemon_pid 2 agent) != "$before" ]]; }

it_adopts_living_hosts() {
    before=$(host_pid 1)-$(host_pid 2)
    "$box/host" up "$run" 1
    "$box/host" up "$run" 2
    [[ $before == "$(host_pid 1)-$(host_pid 2)" ]]
    idle_runs
}

it_wires_hosts_again_when_the_fabric_was_killed() {
    before=$(fabric_pid)
    end_now "$before"
    "$box/fabric" up "$run"
    "$box/host" up "$run" 1
    "$box/host" up "$run" 2
    full_ping 172.28.0 1500
    full_ping 172.30.0 1600
    idle_runs
}

it_pulls_the_plug_of_one_host_only() {
    remember_namespaces
    identity=$(libvirt_uuid 1) boot=$(boot_of 1)
    other=$(host_pid 2)
    "$box/host" kill "$run" 1
    [[ -z $(host_pid 1) && -z $(processes_below host-1-) ]]
    [[ $(host_pid 2) == "$other" ]]
    refused "$box/enter" "$run" outside ip link show "$(fabric_port guest 1)"
    "$box/host" up "$run" 1
    [[ $(libvirt_uuid 1) == "$identity" && $(boot_of 1) != "$boot" ]]
    [[ -z $(in_host 1 virsh list --name | tr -d '\n') ]]
    full_ping 172.28.0 1500
}

it_recovers_a_host_whose_namespace_maker_was_killed() {
    end_now "$(processes host-2-plug)"
    wait_for 5 host_is_gone 2
    "$box/host" up "$run" 2
    full_ping 172.29.0 9000
}

host_is_gone() { [[ -z $(host_pid "$1") ]]; }

it_takes_down_a_host_that_was_never_wired() {
    "$box/host" down "$run" 2
    "$box/fabric" down "$run"
    refused "$box/host" up "$run" 2
    [[ -n $(host_pid 2) ]]
    "$box/host" down "$run" 2
    [[ -z $(host_pid 2) && -z $(processes_below host-2-) ]]
    it_brings_up_a_fabric_and_two_hosts
    full_ping 172.28.0 1500
}

it_leaves_nothing_when_it_goes_down() {
    in_host 1 virsh --quiet create /dev/stdin <"$box/tests/idle-guest.xml"
    remember_namespaces
    GUEST_GRACE=1 "$box/down" "$run"
    nothing_is_left
}

it_leaves_nothing_after_everything_was_killed() {
    it_brings_up_a_fabric_and_two_hosts
    in_host 1 virsh --quiet create /dev/stdin <"$box/tests/idle-guest.xml"
    remember_namespaces
    end_now "$(host_pid 1)" "$(daemon_pid 2 libvirtd)" "$(fabric_pid)"
    "$box/down" "$run"
    nothing_is_left
}

it_leaves_nothing_when_the_run_folder_was_removed() {
    it_brings_up_a_fabric_and_two_hosts
    remember_namespaces
    rm -rf "$run"
    "$box/down" "$run"
    nothing_is_left
}
