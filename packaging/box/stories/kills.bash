# Whatever is killed in the middle of a deployment, the virtual machine runs or its job says why, nothing leaks, and guests that
# ran go on as the same processes. Sourced by story.
# shellcheck shell=bash disable=SC2154

# Begins a deployment and leaves it to itself; its job goes to the file.
begin_deploy() {
    deploy "$1" --no-wait | jq -r '[.. | objects | .jobid // empty] | first' >"$work/job"
}

job() { strat api --raw queryAsyncJobResult jobid="$(<"$work/job")" | jq -r ".queryasyncjobresultresponse | $1"; }

job_has_ended() {
    local status
    status=$(job .jobstatus) || return 1
    [[ $status == 1 || $status == 2 ]]
}

# The one law of these stories.
the_cloud_is_whole_after() {
    local name=$1 before=$2
    wait_for 180 job_has_ended
    if [[ $(job .jobstatus) == 1 ]]; then
        await_answer "$name"
    else
        [[ -n $(job '.jobresult.errortext // empty') ]]
    fi
    [[ $(qemu_of first) == "$before" ]]
    await_answer first
    strat api destroyVirtualMachine id="$(vm_field "$name" id)" expunge=true
    strat audit
}

kill_during_deploy() {
    local name=$1 before
    "$box/up" "$run"
    await_answer first
    before=$(qemu_of first)
    [[ -n $before ]]
    begin_deploy "$name"
    sleep "${3:-0.5}"
    eval "$2"
    "$box/up" "$run"
    the_cloud_is_whole_after "$name" "$before"
}

it_survives_kill_9_of_the_server() {
    # shellcheck disable=SC2016
    kill_during_deploy killed-server 'kill -9 "$(<"$run/server.pid")"' 0.3
}

# shellcheck disable=SC2016
it_survives_kill_9_of_the_agent() { kill_during_deploy killed-agent '"$box/host" kill "$run" 1 agent' 0.8; }

# shellcheck disable=SC2016
it_survives_kill_9_of_libvirtd() { kill_during_deploy killed-libvirtd '"$box/host" kill "$run" 1 libvirtd' 0.6; }

it_survives_kill_9_of_the_database() {
    # shellcheck disable=SC2016
    kill_during_deploy killed-database 'kill -9 "$(head -1 "$(find -L "$run/data" -maxdepth 3 -name postmaster.pid)")"' 0.4
}

# The kernel of its system VM finds nothing to start from.
it_tells_of_a_router_that_never_boots() {
    local image offering network
    "$box/up" "$run"
    image=$(readlink "$run/images/system-vm")
    cp -r "$image" "$work/broken"
    : >"$work/broken/initrd"
    chmod -R a+rX "$work" "$work/broken"
    offering=$(strat api listNetworkOfferings name=DefaultIsolatedNetworkOfferingWithSourceNatService | jq -r '.networkoffering[0].id')
    network=$(strat api createNetwork zoneid="$(cat "$run/data/seeded/zone")" name=unlucky displaytext=unlucky networkofferingid="$offering" | jq -r .network.id)
    ln -sfnT "$work/broken" "$run/images/system-vm"
    NETWORK=$network begin_deploy unlucky
    wait_for 420 job_has_ended
    ln -sfnT "$image" "$run/images/system-vm"
    [[ $(job .jobstatus) == 2 ]]
    job .jobresult.errortext | grep -i router
    strat api destroyVirtualMachine id="$(vm_field unlucky id)" expunge=true
    strat audit
    NETWORK=$network deploy lucky
    await_answer lucky
    strat api destroyVirtualMachine id="$(vm_field lucky id)" expunge=true
    strat api deleteNetwork id="$network"
    strat audit
}
