# Real secondary storage VMs: they come as transfers ask for them, share the load, and losing one costs no transfer. Sourced by story.
# shellcheck shell=bash disable=SC2154

workers() { strat api listSystemVms systemvmtype=secondarystoragevm | jq -r ".systemvm[]? | select($1) | .name"; }
workers_are() { [[ $(workers "${2:-.agentstate == \"Up\"}" | wc -l) == "$1" ]]; }
setting() { strat api updateConfiguration name="$1" value="$2"; }
sessions() { strat api listSystemVms systemvmtype=secondarystoragevm | jq '[.systemvm[]?.activetransfersessions] | add'; }

register() {
    strat api registerTemplate zoneid="$(cat "$run/data/seeded/zone")" name="$1" format="${3:-QCOW2}" hypervisor=KVM url="$2" "${@:4}"
}

# The pool has its image, and no worker has served a byte of it.
hosts_read_the_store_themselves() {
    [[ -n $(find "$run/shared" -path '*/images/*.qcow2' -print -quit) ]]
    [[ $(curl -sf "http://127.0.0.1:$PORT/metrics" | sed -n 's/^stratiform_worker_bytes_out{.*} //p' | sort -u) == 0 ]]
}

store_has_only_tiny() { [[ $(find "$run/secondary/images" -type f | wc -l) == 2 ]]; }

template_failed_because() { [[ $(template_field "$1" status) == *"$2"* ]]; }

it_has_one_worker_in_its_offering() {
    "$box/up" "$run"
    await_answer first
    wait_for 60 workers_are 1
    strat api listSystemVms systemvmtype=secondarystoragevm
    hosts_read_the_store_themselves
    strat audit
}

it_boots_workers_as_transfers_ask_and_losing_one_costs_nothing() {
    local victim pid i
    setting secstorage.session.max 2
    setting secstorage.capacity.standby 0
    setting secstorage.vm.scale.down.quiet 20
    for i in {1..8}; do register "slow$i" "http://${outside_address%/*}/slow/tiny.qcow2"; done
    wait_for 240 workers_are 4
    [[ $(sessions) -ge 2 ]]
    # The one that has had its transfers for longest is lost with them.
    victim=$(workers '.activetransfersessions > 0' | head -1)
    pid=$(in_host 1 pgrep -f -- "guest=$victim," | head -1)
    in_host 1 kill -KILL "$pid"
    for i in {1..8}; do wait_for 360 template_is_ready "slow$i"; done
    wait_for 180 workers_are 1 true
    for i in {1..8}; do strat api deleteTemplate id="$(template_field "slow$i" id)"; done
    for i in secstorage.session.max secstorage.capacity.standby secstorage.vm.scale.down.quiet; do strat api resetConfiguration name="$i"; done
    wait_for 180 strat audit
    # The deleted ones' images are collected.
    wait_for 150 store_has_only_tiny
}

it_refuses_what_is_no_image_and_keeps_nothing_of_it() {
    local outside=$run/outside at=http://${outside_address%/*} bad=http://${outside_address%/*}:8081 name
    nsenter --target "$(fabric_pid)" --net python3 "$box/stories/bad-server.py" "${outside_address%/*}" 8081 &
    # shellcheck disable=SC2064
    trap "kill $! 2>/dev/null || :" EXIT
    qemu-img create -q -f qcow2 -b /etc/passwd -F raw "$outside/backed.qcow2" 1M
    printf '# Disk DescriptorFile\nversion=1\ncreateType="monolithicFlat"\nRW 2048 FLAT "/etc/passwd" 0\n' >"$outside/elsewhere.vmdk"
    echo "not an image" >"$outside/text.qcow2"
    truncate -s 4G "$work/zeros"
    qemu-img create -q -f qcow2 "$outside/huge.qcow2" 60G
    gzip -1 <"$work/zeros" >"$outside/bomb.raw.gz"
    setting max.template.iso.size 1
    register backed "$at/backed.qcow2"
    register text "$at/text.qcow2"
    register huge "$at/huge.qcow2"
    register bomb "$at/bomb.raw.gz" RAW
    register missing "$at/missing.qcow2"
    register sum "$at/tiny.qcow2" QCOW2 checksum="{SHA-256}$(printf '0%.0s' {1..64})"
    register inside "http://${store_address%/*}/x.qcow2"
    register itself "http://127.0.0.1/x.qcow2"
    register elsewhere "$at/elsewhere.vmdk" VMDK
    register leads "$bad/leads"
    register cut "$bad/cut"
    register endless "$bad/endless" RAW
    wait_for 120 template_failed_because backed "backing file"
    wait_for 60 template_failed_because text "is no"
    wait_for 60 template_failed_because huge "limit"
    wait_for 900 template_failed_because bomb "is not accepted"
    wait_for 60 template_failed_because missing "There is nothing at"
    wait_for 60 template_failed_because sum "checksum"
    wait_for 60 template_failed_because inside "inside the cloud"
    wait_for 60 template_failed_because itself "inside the cloud or on this host"
    wait_for 60 template_failed_because elsewhere "keeps its data in other files"
    wait_for 60 template_failed_because leads "inside the cloud"
    wait_for 120 template_failed_because cut "bytes"
    wait_for 240 template_failed_because endless "larger than"
    for name in backed text huge bomb missing sum inside itself elsewhere leads cut endless; do strat api deleteTemplate id="$(template_field "$name" id)"; done
    strat api resetConfiguration name=max.template.iso.size
    wait_for 60 strat audit
    # The deleted ones' images are collected.
    wait_for 150 store_has_only_tiny
}

it_goes_on_when_its_store_is_away_for_a_while() {
    register away "http://${outside_address%/*}/slow/tiny.qcow2"
    wait_for 60 sessions_are 1
    sleep 5
    "$box/store" down "$run"
    sleep 20
    "$box/store" up "$run"
    wait_for 300 template_is_ready away
    strat api deleteTemplate id="$(template_field away id)"
    wait_for 120 strat audit
}

sessions_are() { [[ $(sessions) == "$1" ]]; }

it_goes_on_when_the_server_is_killed_meanwhile() {
    register killed "http://${outside_address%/*}/slow/tiny.qcow2"
    wait_for 60 sessions_are 1
    kill -KILL "$(<"$run/server.pid")"
    "$box/up" "$run"
    wait_for 300 template_is_ready killed
    strat api deleteTemplate id="$(template_field killed id)"
    wait_for 120 strat audit
}

seconds_to_register() {
    local began=$EPOCHREALTIME
    register "$1" "http://${outside_address%/*}/tiny.qcow2" >&2
    wait_for 240 template_is_ready "$1"
    seconds_since "$began"
    strat api deleteTemplate id="$(template_field "$1" id)" >&2
}

it_moves_images_past_a_server_that_is_far_away() {
    local near far count
    local socket=$short/hosts/1/agent.sock
    near=$(seconds_to_register near)
    mv "$socket" "$socket.near"
    python3 "$box/stories/far.py" "$socket" "$socket.near" "$work/passed" &
    # shellcheck disable=SC2064
    trap "kill $!; rm -f $socket; mv $socket.near $socket" EXIT
    # So that all its connections go the long way.
    kill -KILL "$(<"$run/server.pid")"
    "$box/up" "$run"
    wait_for 60 workers_are 1
    far=$(seconds_to_register far)
    count=$(<"$work/passed")
    figure "$(stat -Lc %s "$run/outside/tiny.qcow2") bytes registered in $near; with 150 ms and 1 % loss on the way to the server in $far, $count bytes went there"
    [[ $count -gt 0 && $count -lt 2000000 ]]
}

it_comes_back_when_it_is_destroyed() {
    local worker
    worker=$(workers true | head -1)
    strat api destroySystemVm id="$(strat api listSystemVms name="$worker" | jq -r '.systemvm[0].id')"
    wait_for 120 workers_are 1
    [[ $(workers true) != "$worker" ]]
    strat audit
}

# As a user outside would, on the public network.
outside() { nsenter --target "$(fabric_pid)" --net "$@"; }

it_gives_an_image_out_and_takes_it_back() {
    goes_out_and_comes_back
    wait_for 150 store_has_only_tiny
    strat audit
}

# Registered, downloaded, uploaded, deployed, deleted.
goes_out_and_comes_back() {
    local url params answer
    register round "http://${outside_address%/*}/tiny.qcow2" QCOW2 isextractable=true
    wait_for 120 template_is_ready round
    url=$(strat api extractTemplate id="$(template_field round id)" mode=HTTP_DOWNLOAD | jq -r '[.. | objects | .url // empty] | first')
    outside curl -sf -o "$work/round.qcow2" "$url"
    cmp "$work/round.qcow2" "$run/images/tiny/tiny.qcow2"
    outside curl -sf -r 100-199 "$url" | cmp - <(tail -c +101 "$work/round.qcow2" | head -c 100)
    [[ $(outside curl -s -o /dev/null -w '%{http_code}' "${url}0") == 404 ]]

    params=$(strat api getUploadParamsForTemplate name=back format=QCOW2 hypervisor=KVM zoneid="$(cat "$run/data/seeded/zone")" \
        | jq '[.. | objects | select(has("postURL") or has("posturl"))] | first')
    answer=$(post_to "$params" "$work/round.qcow2")
    [[ $answer == 200 ]]
    wait_for 120 template_is_ready back
    # The link is used up.
    [[ $(post_to "$params" "$work/round.qcow2") == 4* ]]
    TEMPLATE=$(template_field back id) deploy back
    await_answer back
    strat api destroyVirtualMachine id="$(vm_field back id)" expunge=true
    for name in round back; do strat api deleteTemplate id="$(template_field "$name" id)"; done
    wait_for 150 strat audit
}

# post_to PARAMS FILE: the code of the answer.
post_to() {
    outside curl -s -o /dev/null -w '%{http_code}' -X POST -T "$2" -H "X-signature: $(jq -r .signature <<<"$1")" \
        -H "X-metadata: $(jq -r .metadata <<<"$1")" -H "X-expires: $(jq -r .expires <<<"$1")" "$(jq -r '.postURL // .posturl' <<<"$1")"
}
