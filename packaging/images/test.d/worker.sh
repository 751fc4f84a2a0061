# What the worker promises: images from a web server to a share, and from the share to whoever has a link. Sourced by bash.
# shellcheck shell=bash disable=SC2154,SC2016

worker_mac=02:00:0a:01:01:20 worker_address=10.1.1.32
store=0198f000-0000-7000-8000-000000000001 image=0198f000-0000-7000-8000-000000000002 large=0198f000-0000-7000-8000-000000000003
key_hex=000102030405060708090a0b0c0d0e0f

worker() { python3 "$here/test.d/worker.py" "$1" "$work/worker.channel" "${@:2}"; }

run_worker_stories() {
    worker_has_neighbours
    worker_answers
    worker_brings_an_image
    worker_serves_it
    worker_refuses
    worker_is_fast_and_small
    worker_survives_its_program
}

# A share and a web server among the guests, at the test's own address.
worker_has_neighbours() {
    "$here/../packages/install" build >&2
    install_tools nfs-ganesha nfs-ganesha-vfs curl >&2
    system_vm=$("$here/ensure" system-vm) && tiny=$("$here/ensure" tiny) || exit
    program=${WORKER_PROGRAM:-}
    if [[ -z $program ]]; then
        "$here/../build/publish" "$work/run" >&2
        program=$work/run/bin/worker/program.squashfs
    fi
    figure "worker: program of $(stat -c %s "$program") bytes"
    mkdir -p "$work/export" "$work/web" "$work/recovery"
    cp "$tiny/tiny.qcow2" "$work/web/"
    head -c 100M /dev/urandom >"$work/web/large.raw"
    cat >"$work/ganesha.conf" <<CONF
NFS_CORE_PARAM { Protocols = 4; NFS_Port = 2049; Enable_NLM = false; Enable_RQUOTA = false; }
NFSV4 { Graceless = true; RecoveryRoot = "$work/recovery"; }
EXPORT {
    Export_Id = 1; Path = "$work/export"; Pseudo = "/images"; Protocols = 4; Transports = TCP;
    Access_Type = RW; Squash = No_Root_Squash; SecType = sys;
    FSAL { Name = VFS; }
}
CONF
    ip netns exec "$inner" ganesha.nfsd -F -f "$work/ganesha.conf" -L "$work/ganesha.log" -p "$work/ganesha.lock" >"$work/ganesha.out" 2>&1 &
    echo $! >"$work/ganesha.pid"
    ip netns exec "$inner" python3 -m http.server --bind 10.1.1.9 --directory "$work/web" 8000 >"$work/web.log" 2>&1 &
    echo $! >"$work/web.pid"
}

boot_worker() {
    memory=256 boot worker "guests=$worker_mac" -- -cpu max \
        -kernel "$system_vm/vmlinuz" -initrd "$system_vm/initrd" -append "console=ttyS0 quiet lockdown=confidentiality stratiform.role=worker" \
        -drive "file=$program,if=none,id=program,format=raw,readonly=on" \
        -drive "file=$system_vm/root.squashfs,if=none,id=root,format=raw,readonly=on" \
        -device "virtio-blk-pci,drive=${1:-root}" -device "virtio-blk-pci,drive=${2:-program}" \
        -chardev "socket,id=worker,path=$work/worker.channel,server=on,wait=off" \
        -device virtserialport,chardev=worker,name=stratiform.worker.0
    within 10 test -S "$work/worker.channel"
}

setup_of() {
    jq -nc --arg mac $worker_mac --arg address "$worker_address/24" --arg store $store --arg key "$(xxd_base64)" \
        '{nics: [{mac: $mac, address: $address, mtu: 1500, gateway: ""}], resolvers: [], linkKey: $key,
          stores: [{storeId: $store, url: "nfs://10.1.1.9/images", accessKey: "", secretKey: ""}]}'
}

xxd_base64() { python3 -c 'import base64, sys; print(base64.b64encode(bytes.fromhex(sys.argv[1])).decode())' $key_hex; }

# image_of ID FILE FORMAT
image_of() {
    jq -nc --arg pool $store --arg image "$1" --arg source "http://10.1.1.9:8000/$2" --arg format "$3" --arg sum "$(sha256sum <"$work/web/$2" | cut -c1-64)" \
        '{poolId: $pool, imageId: $image, source: $source, format: $format, checksum: $sum, forbidden: [], allowed: [],
          maxVirtualSizeBytes: 1099511627776}'
}

worker_answers() {
    # The program's disk comes first: what is no root must not be taken for one.
    boot_worker program root
    has "the worker answers before it is set up" '"isSetUp": false' "$(worker ask ReadWorker)"
    figure "worker: first answer after $(since "$booted") s ($(cpu worker) s of CPU)"
    start worker
    has "it can be set up" '"isSetUp": true' "$(worker ask EnsureWorker "$(setup_of)")"
    figure "worker: set up in $(took worker)"
    start worker
    has "and again" '"isSetUp": true' "$(worker ask EnsureWorker "$(setup_of)")"
    figure "worker: set up again in $(took worker)"
    has "the store has space and nothing in it" '"objects": []' "$(worker ask ReadStore "{\"storeId\":\"$store\"}")"
    is "no router's daemon runs" "" "$(worker_sh 'ps | grep -E "[d]nsmasq|[h]aproxy|[c]haron|[k]eep-router"')"
}

worker_sh() { guest exec "$work/worker.ga" /bin/sh -c "$1" </dev/null; }

worker_brings_an_image() {
    start worker
    said=$(worker bring "$(image_of $image tiny.qcow2 Qcow2)")
    figure "worker: $(stat -c %s "$work/web/tiny.qcow2") bytes of qcow2 registered in $(took worker)"
    has "an image comes" '"state": "Done"' "$said"
    is "it is whole" "$(sha256sum <"$work/web/tiny.qcow2")" "$(sha256sum <"$work/export/images/$image")"
    is "its checksum is beside it, and nothing else" "$image $image.checksum" "$(ls "$work/export/images" | xargs)"
    has "the store tells of it" '"whole": true' "$(worker ask ReadStore "{\"storeId\":\"$store\"}")"
}

fetch_link() { inside curl -s -m 120 -o "$work/fetched" -w '%{http_code} %{speed_download}' "${@:2}" "http://$worker_address$1"; }

worker_serves_it() {
    local link
    link=$(python3 "$here/test.d/worker.py" link $key_hex $store $image tiny.qcow2 60)
    is "a link brings the image" 200 "$(fetch_link "$link" | cut -d' ' -f1)"
    is "which is the same" "$(sha256sum <"$work/web/tiny.qcow2")" "$(sha256sum <"$work/fetched")"
    is "a link brings a part" 206 "$(fetch_link "$link" -r 1000-1999 | cut -d' ' -f1)"
    is "an expired link does not" 403 "$(fetch_link "$(python3 "$here/test.d/worker.py" link $key_hex $store $image tiny.qcow2 -1)" | cut -d' ' -f1)"
    is "nor a changed one" 404 "$(fetch_link "${link/tiny/tinz}" | cut -d' ' -f1)"
}

worker_refuses() {
    local other=0198f000-0000-7000-8000-000000000009
    has "a file that is no image is refused" 'it is no QCOW2 image but RAW' "$(worker bring "$(image_of $other large.raw Qcow2)")"
    is "and leaves nothing" "$image $image.checksum" "$(ls "$work/export/images" | xargs)"
}

worker_is_fast_and_small() {
    start worker
    said=$(worker bring "$(image_of $large large.raw Raw)")
    figure "worker: 100 MiB of raw disk registered (fetched, added up, converted, added up) in $(took worker)"
    has "a disk becomes an image" '"virtualSizeBytes": 104857600' "$said"
    local link
    link=$(python3 "$here/test.d/worker.py" link $key_hex $store $large large.qcow2 300)
    start worker
    is "it comes back by its link" 200 "$(fetch_link "$link" | cut -d' ' -f1)"
    figure "worker: $(stat -c %s "$work/fetched") bytes served in $(took worker)"
    qemu-img compare -q -f qcow2 -F raw "$work/fetched" "$work/web/large.raw" && pass "with the same content" || fail "with the same content"
    rm -f "$work/fetched"
    figure "worker: $(worker ask ReadWorker)"
    figure "worker: $(worker_sh "free -k | awk '/Mem/ { print \$3 \" kB used of \" \$2 \", \" \$7 \" available\" }'")"
    figure "worker: program $(worker_sh 'grep -h -E "VmHWM|VmRSS|RssAnon|RssFile" /proc/$(pidof Stratiform.SystemVm)/status' | xargs)"
    is "an image goes" '{}' "$(worker ask EnsureNoImage "{\"poolId\":\"$store\",\"imageId\":\"$large\"}")"
    is "with all that belongs to it" "$image $image.checksum" "$(ls "$work/export/images" | xargs)"
}

worker_survives_its_program() {
    worker_sh 'kill -9 $(pidof Stratiform.SystemVm)'
    has "a program that dies is started again" '"isSetUp": false' "$(worker ask ReadWorker)"
    has "and takes up what it finds" '"isSetUp": true' "$(worker ask EnsureWorker "$(setup_of)")"
    has "with its images" '"state": "Done"' "$(worker bring "$(image_of $image tiny.qcow2 Qcow2)")"
    guest qmp "$work/worker.qmp" system_powerdown >/dev/null
    within 30 gone worker && pass "the power button stops the worker" || fail "the power button stops the worker"
    rm -f "$work/worker.pid"
}
