# A box whose images lie in a bucket of an S3 server: what goes in and out of it, and volumes likewise. Sourced by story.
# shellcheck shell=bash disable=SC2154

it_keeps_its_images_in_a_bucket() {
    if [[ -d $run/data ]]; then "$box/destroy" "$run" --yes; fi
    "$box/../build/publish" "$run"
    STORE=s3 "$box/up" "$run"
    await_answer first
    wait_for 60 workers_are 1
    [[ $(strat api listImageStores | jq -r '.imagestore[].providername') == S3 ]]
    hosts_read_the_store_themselves
    strat audit
}

it_gives_an_image_of_the_bucket_out_and_takes_it_back() {
    goes_out_and_comes_back
    strat audit
}

# Blocks of the host that its workers' scratch disks take, KiB.
scratch_kib() { du -ck "$run"/hosts/1/state/scratch/*.raw | tail -1 | cut -f1; }
scratch_is_in_use() { [[ $(scratch_kib) -gt 16384 ]]; }
scratch_is_given_back() { [[ $(scratch_kib) -lt 1024 ]]; }

it_unpacks_and_converts_for_the_bucket_on_a_workers_scratch_disk() {
    local at=http://${outside_address%/*} name began
    scratch_is_given_back
    qemu-img convert -f qcow2 -O raw "$run/images/tiny/tiny.qcow2" "$run/outside/tiny.raw"
    qemu-img convert -f qcow2 -O vmdk -o subformat=streamOptimized "$run/images/tiny/tiny.qcow2" "$work/tiny.vmdk"
    gzip -c "$work/tiny.vmdk" >"$run/outside/tiny.vmdk.gz"
    xz -0 -c "$run/images/tiny/tiny.qcow2" >"$run/outside/tiny.qcow2.xz"
    began=$EPOCHREALTIME
    register raw "$at/tiny.raw" RAW
    wait_for 300 template_is_ready raw
    figure "$(stat -c %s "$run/outside/tiny.raw") bytes of raw disk in the bucket after $(seconds_since "$began")"
    register vmdk "$at/tiny.vmdk.gz" VMDK
    register xz "$at/tiny.qcow2.xz"
    for name in vmdk xz; do wait_for 300 template_is_ready $name; done
    wait_for 30 scratch_is_given_back
    figure "the scratch disk holds $(scratch_kib) KiB of the host's afterwards"
    for name in raw vmdk xz; do
        TEMPLATE=$(template_field $name id) deploy from-$name
        await_answer from-$name
        strat api destroyVirtualMachine id="$(vm_field from-$name id)" expunge=true
        strat api deleteTemplate id="$(template_field $name id)"
    done
    wait_for 150 strat audit
}

it_converts_anew_what_a_lost_worker_had_begun() {
    local victim pid
    register again "http://${outside_address%/*}/tiny.raw" RAW
    wait_for 60 sessions_are 1
    wait_for 60 scratch_is_in_use
    victim=$(workers '.activetransfersessions > 0' | head -1)
    pid=$(in_host 1 pgrep -f -- "guest=$victim," | head -1)
    in_host 1 kill -KILL "$pid"
    wait_for 360 template_is_ready again
    wait_for 60 scratch_is_given_back
    [[ $(find "$run/hosts/1/state/scratch" -type f | wc -l) == $(workers true | wc -l) ]]
    strat api deleteTemplate id="$(template_field again id)"
    wait_for 150 strat audit
}

it_drops_what_is_deleted_on_its_way_to_the_bucket() {
    register dropped "http://${outside_address%/*}/tiny.raw" RAW
    wait_for 60 sessions_are 1
    wait_for 60 scratch_is_in_use
    strat api deleteTemplate id="$(template_field dropped id)"
    wait_for 60 sessions_are 0
    wait_for 10 scratch_is_given_back
    wait_for 60 strat audit
}

# Whose disk is a copy answers with its origin's host key until it knows who it is.
has_mark() {
    rm -f "$run/known_hosts"/*
    [[ $(on "$1" 'cat /root/mark') == kept ]]
}
volume_field() { strat api listVolumes listall=true ${2:+name="$2"} ${3:+virtualmachineid="$3"} | jq -r ".volume[0].$1"; }
volume_is() { [[ $(volume_field state "$1") == "$2" ]]; }

it_makes_a_template_of_what_a_guest_wrote() {
    deploy writer
    await_answer writer
    wait_for 30 on writer 'echo kept >/root/mark && sync'
    strat api stopVirtualMachine id="$(vm_field writer id)"
    strat api createTemplate name=golden ostypeid="$(strat api listOsTypes pagesize=1 page=1 | jq -r '.ostype[0].id')" \
        volumeid="$(volume_field id "" "$(vm_field writer id)")"
    template_is_ready golden
    TEMPLATE=$(template_field golden id) deploy reader
    await_answer reader
    wait_for 30 has_mark reader
    strat api destroyVirtualMachine id="$(vm_field reader id)" expunge=true
    strat api deleteTemplate id="$(template_field golden id)"
    wait_for 150 strat audit
}

it_gives_a_volume_out_and_takes_it_back_packed_as_well() {
    local zone url name
    zone=$(cat "$run/data/seeded/zone")
    url=$(strat api extractVolume id="$(volume_field id "" "$(vm_field writer id)")" zoneid="$zone" mode=HTTP_DOWNLOAD \
        | jq -r '[.. | objects | .url // empty] | first')
    outside curl -sf -o "$run/outside/volume.qcow2" "$url"
    qemu-img check -q "$run/outside/volume.qcow2"
    strat api uploadVolume name=returned zoneid="$zone" format=QCOW2 url="http://${outside_address%/*}/volume.qcow2"
    wait_for 120 volume_is returned Uploaded
    gzip "$run/outside/volume.qcow2"
    strat api uploadVolume name=packed zoneid="$zone" format=QCOW2 url="http://${outside_address%/*}/volume.qcow2.gz"
    wait_for 120 volume_is packed Uploaded
    for name in returned packed; do strat api deleteVolume id="$(volume_field id $name)"; done
    strat api destroyVirtualMachine id="$(vm_field writer id)" expunge=true
    rm "$run/outside/volume.qcow2.gz"
    wait_for 150 strat audit
}

# Another bucket, of a server that answers as a tale wants.
flaky_store() {
    local url=http://${objects_address%/*}:8083/flaky
    STRATIFORM_BOX=$(mark flaky) setsid --fork nsenter --target "$(fabric_pid)" --net python3 "$box/stories/flaky.py" \
        "${objects_address%/*}" 8083 "${objects_address%/*}:80" "$run/objects/answer" </dev/null >>"$run/logs/flaky.log" 2>&1
    (
        set +x
        # shellcheck disable=SC1091
        . "$run/objects/account"
        outside curl -sfS --retry 5 --retry-connrefused -o /dev/null -X PUT --aws-sigv4 aws:amz:us-east-1:s3 -H "x-amz-content-sha256: UNSIGNED-PAYLOAD" \
            --config - "$url" <<<"user = \"$ACCESS_KEY:$SECRET_KEY\""
        strat api addImageStore zoneid="$(cat "$run/data/seeded/zone")" name=flaky provider=S3 url="$url" "details[0].key=accesskey" \
            "details[0].value=$ACCESS_KEY" "details[1].key=secretkey" "details[1].value=@$run/objects/secretkey"
    )
}
answers_only() { echo "$1" >"$run/objects/answer"; }
answers_again() { rm "$run/objects/answer"; }
answered() { grep -qs "^$1" "$run/objects/answer.count"; }

it_waits_for_an_s3_server_that_answers_500_and_503_and_nothing_else_does() {
    local began=$EPOCHREALTIME
    flaky_store
    store_takes_new objects no
    register waits "http://${outside_address%/*}/slow/tiny.qcow2"
    wait_for 60 sessions_are 1
    sleep 10
    answers_only 503
    register late "http://${outside_address%/*}/tiny.qcow2"
    store_takes_new objects yes
    figure "beside a bucket whose server answers 503: registered in $(seconds_to_register beside)"
    wait_for 60 answered 503
    answers_only 500
    wait_for 60 answered 500
    sleep 10
    answers_again
    wait_for 240 template_is_ready waits
    wait_for 60 template_is_ready late
    figure "from a server of 400 kB/s into a bucket whose server was out for a while: $(seconds_since "$began")"
    for name in waits late; do strat api deleteTemplate id="$(template_field "$name" id)"; done
    wait_for 150 strat api deleteImageStore id="$(store_id flaky)"
    wait_for 60 strat audit
}

it_leaves_nothing_of_the_bucket() {
    "$box/destroy" "$run" --yes
    [[ ! -e $run ]]
}
