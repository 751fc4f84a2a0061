# A cloud that lost its server's data comes back from a backup, and its guests never notice. Sourced by story.
# shellcheck shell=bash disable=SC2154

whole() {
    [[ $(vm_field first id) == "$(<"$work/first.id")" ]]
    [[ $(qemu_of first) == "$(<"$work/first.qemu")" ]]
    await_answer first
    strat audit
}

it_backs_up_a_cloud_that_works() {
    "$box/up" "$run"
    await_answer first
    vm_field first id >"$work/first.id"
    qemu_of first >"$work/first.qemu"
    strat backup "$work/cloud.tar"
    [[ $(stat -c %a "$work/cloud.tar" "$work/cloud.tar.keys" | sort -u) == 600 ]]
}

it_refuses_to_restore_under_a_server() {
    local said
    ! said=$(strat restore "$work/cloud.tar" 2>&1)
    grep -F 'Stop all servers' <<<"$said"
}

it_restores_what_was_lost_under_guests_that_go_on() {
    "$box/server" down "$run"
    "$box/database" down "$run"
    rm -rf "$(realpath "$run/data/database")" "$run/data/database" "$run/data/master.key"
    strat restore "$work/cloud.tar"
    "$box/up" "$run"
    whole
}

it_works_on_after_a_restore() {
    deploy restored
    await_answer restored
    strat api destroyVirtualMachine id="$(vm_field restored id)" expunge=true
    whole
}

it_knows_its_guests_after_everything_was_destroyed() {
    "$box/destroy" "$run" --yes
    "$box/../build/publish" "$run"
    strat restore "$work/cloud.tar"
    "$box/server" up "$run"
    [[ $(strat api listVirtualMachines listall=true name=first | jq -r '.virtualmachine[0].id') == "$(<"$work/first.id")" ]]
    # The next story wants guests with disks.
    "$box/destroy" "$run" --yes
}
