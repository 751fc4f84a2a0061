# From nothing to virtual machines that are used, stopped, started and thrown away. Sourced by story.
# shellcheck shell=bash disable=SC2154

it_comes_up_with_a_first_virtual_machine() {
    "$box/up" "$run"
    vm_is first Running
}

it_lets_its_user_in_by_name() { await_answer first; }

it_gives_the_guest_address_name_and_resolver_by_its_router() {
    on first ip -4 -o addr show eth0 | grep -F "$(vm_field first 'nic[0].ipaddress')/24"
    on first nslookup data-server | grep -F 10.1.1.1
    on first nslookup first | grep -F "$(vm_field first 'nic[0].ipaddress')"
}

it_tells_the_guest_who_it_is() {
    [[ $(on first busybox wget -q -O- http://data-server/latest/meta-data/instance-id) == "$(vm_field first id)" ]]
    on first busybox wget -q -O- http://data-server/latest/meta-data/public-keys | grep -F "$(cut -d' ' -f2 "$run/id_ed25519.pub")"
}

it_lets_the_guest_out_through_source_nat() { on first ping -c 2 -W 5 172.31.255.1; }

it_runs_user_data_and_hands_out_names_of_neighbours() {
    deploy second userdata="$(printf '#!/bin/sh\necho it ran >/root/user-data-was-here\n' | base64 -w0)"
    await_answer second
    on second cat /root/user-data-was-here | grep -x 'it ran'
    on second ping -c 1 -W 5 first
    on first ping -c 1 -W 5 second
}

it_stops_and_starts_at_the_same_address() {
    local before
    before=$(vm_field second 'nic[0].ipaddress')
    on second touch /root/kept
    strat api stopVirtualMachine id="$(vm_field second id)"
    vm_is second Stopped
    strat api startVirtualMachine id="$(vm_field second id)"
    [[ $(vm_field second 'nic[0].ipaddress') == "$before" ]]
    await_answer second
    on second test -e /root/kept
}

it_reboots() {
    strat api rebootVirtualMachine id="$(vm_field second id)"
    vm_is second Running
    await_answer second
}

it_follows_a_guest_that_shuts_itself_down() {
    on second poweroff || :
    wait_for 90 vm_is second Stopped
    strat api startVirtualMachine id="$(vm_field second id)"
    await_answer second
}

it_brings_back_a_guest_whose_qemu_died() {
    in_host 1 kill -9 "$(qemu_of second)"
    wait_for 60 answers second
    vm_is second Running
}

it_destroys_and_recovers() {
    strat api destroyVirtualMachine id="$(vm_field second id)"
    vm_is second Destroyed
    strat api recoverVirtualMachine id="$(vm_field second id)"
    strat api startVirtualMachine id="$(vm_field second id)"
    await_answer second
    on second test -e /root/kept
}

it_expunges_without_a_trace() {
    local id
    id=$(vm_field second id)
    strat api destroyVirtualMachine id="$id" expunge=true
    [[ $(strat api listVirtualMachines listall=true id="$id" | jq length) == 0 ]]
    strat audit
}

it_speaks_with_a_client_that_others_wrote() {
    # shellcheck source=/dev/null
    (set +x -a && . "$run/cloud.env" && /usr/bin/python3 "$box/stories/client.py")
}

it_keeps_images_in_its_store_when_their_source_is_gone() {
    local source=$run/outside/brief.vmdk.xz
    [[ $(strat api listImageStores | jq '.imagestore[0].disksizetotal') -gt 0 ]]
    qemu-img convert -O vmdk -o subformat=streamOptimized "$run/images/tiny/tiny.qcow2" "$run/brief.vmdk"
    xz -0 <"$run/brief.vmdk" >"$source"
    rm "$run/brief.vmdk"
    strat api registerTemplate zoneid="$(cat "$run/data/seeded/zone")" name=brief format=VMDK hypervisor=KVM url="http://${outside_address%/*}/brief.vmdk.xz"
    wait_for 60 template_is_ready brief
    rm "$source"
    TEMPLATE=$(template_field brief id) deploy third
    await_answer third
    strat audit
    strat api destroyVirtualMachine id="$(vm_field third id)" expunge=true
    strat api deleteTemplate id="$(template_field brief id)"
}

it_comes_back_after_down() {
    local began=$SECONDS
    "$box/down" "$run"
    "$box/up" "$run"
    await_answer first
    echo "from up to the first answer: $((SECONDS - began)) s with down"
    # The store is looked into by a worker, which boots as well.
    wait_for 90 strat audit
}
