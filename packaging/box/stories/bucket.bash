# A box whose images lie in a bucket of an S3 server: what goes in and out of it, and volumes likewise. Sourced by story.
# shellcheck shell=bash disable=SC2154

it_keeps_its_images_in_a_bucket() {
    if [[ -d $run/hosts ]]; then "$box/destroy" "$run" --yes; fi
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

it_refuses_what_no_bucket_can_take_and_says_what_to_do() {
    head -c 1M /dev/urandom >"$run/outside/noise.raw"
    register raw "http://${outside_address%/*}/noise.raw" RAW
    wait_for 60 template_failed_because raw "add an NFS store to the zone"
    strat api deleteTemplate id="$(template_field raw id)"
    wait_for 60 strat audit
}

has_mark() { [[ $(on "$1" 'cat /root/mark') == kept ]]; }
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

it_gives_a_volume_out_and_takes_it_back() {
    local zone url
    zone=$(cat "$run/data/seeded/zone")
    url=$(strat api extractVolume id="$(volume_field id "" "$(vm_field writer id)")" zoneid="$zone" mode=HTTP_DOWNLOAD \
        | jq -r '[.. | objects | .url // empty] | first')
    outside curl -sf -o "$run/outside/volume.qcow2" "$url"
    qemu-img check -q "$run/outside/volume.qcow2"
    strat api uploadVolume name=returned zoneid="$zone" format=QCOW2 url="http://${outside_address%/*}/volume.qcow2"
    wait_for 120 volume_is returned Uploaded
    strat api deleteVolume id="$(volume_field id returned)"
    strat api destroyVirtualMachine id="$(vm_field writer id)" expunge=true
    rm "$run/outside/volume.qcow2"
    wait_for 150 strat audit
}

it_leaves_nothing_of_the_bucket() {
    "$box/destroy" "$run" --yes
    [[ ! -e $run ]]
}
