# What goes wrong around real workers: web servers that stall, stores and pools that are full, read-only or slow. It costs what uses it,
# says why, and leaves nothing. And guests that boot from an ISO. Sourced by story.
# shellcheck shell=bash disable=SC2154

zone() { cat "$run/data/seeded/zone"; }
at() { echo "http://${outside_address%/*}/$1"; }
iso_field() { strat api listIsos isofilter=all name="$1" | jq -r ".iso[0].$2"; }
delete_templates() { for name in "$@"; do strat api deleteTemplate id="$(template_field "$name" id)"; done; }
refuses() { if "$@"; then return 1; fi; }
the_cloud_is_clean() { wait_for 90 strat audit; }

# A second NFS server, whose share is a small disk that ends with it.
little_address=${subnet[storage]}.249 little_share=/run/share
little_pid() { processes little | sed -n 1p; }
in_little() { nsenter --target "$(little_pid)" --mount "$@"; }
little_listens() { [[ $(nsenter --target "$(fabric_pid)" --net ss -Hltn "src $little_address:2049") ]]; }
store_id() { strat api listImageStores name="$1" | jq -r '.imagestore[0].id // empty'; }
store_takes_new() { strat api updateImageStore id="$(store_id "$1")" readonly="$([[ $2 == yes ]] && echo false || echo true)"; }
little_is_empty() { [[ -z $(in_little find "$little_share" -type f) ]]; }
little_has() { [[ $(in_little find "$little_share" -type f | wc -l) == "$1" ]]; }

# RO or RW for all its clients.
little_share_is() {
    sed -i "s/Access_Type = .*/Access_Type = $1;/" "$run/little/ganesha.conf"
    kill -HUP "$(little_pid)"
    sleep 2
}

little_store() {
    local folder=$run/little
    if [[ -z $(little_pid) ]]; then
        mkdir -p "$folder/recovery"
        nsenter --target "$(fabric_pid)" --net ip address replace "$little_address/24" dev "$(fabric_bridge storage)"
        sed "s|$run/store|$folder|; s|$run/secondary|$little_share|; s|${store_address%/*}|$little_address|" "$run/store/ganesha.conf" >"$folder/ganesha.conf"
        # shellcheck disable=SC2016
        STRATIFORM_BOX=$(mark little) setsid --fork nsenter --target "$(fabric_pid)" --net unshare --mount sh -c '
            mount -t tmpfs little /run && mkdir "$1" && mount -t tmpfs -o size=96m share "$1" && shift && exec "$@"' sh "$little_share" \
            ganesha.nfsd -F -f "$folder/ganesha.conf" -L "$run/logs/little.server.log" -p "$folder/pid" -N NIV_EVENT </dev/null >>"$run/logs/little.log" 2>&1
        wait_for 30 little_listens
    fi
    [[ -n $(store_id little) ]] || strat api addImageStore zoneid="$(zone)" name=little provider=NFS url="nfs://$little_address/secondary"
}

# What is registered now goes to the little store, until this tale ends.
only_to_little() {
    little_store
    trap 'store_takes_new secondary yes' EXIT
    store_takes_new secondary no
}

# Larger than the little store and the little pool, and nothing in it can be made smaller.
big_image() {
    [[ ! -s $run/outside/big.qcow2 ]] || return 0
    head -c 140M /dev/urandom >"$work/noise"
    qemu-img convert -f raw -O qcow2 "$work/noise" "$run/outside/big.qcow2"
    rm "$work/noise"
}

serve_badly() {
    [[ -z $(processes bad-web) ]] || return 0
    STRATIFORM_BOX=$(mark bad-web) setsid --fork nsenter --target "$(fabric_pid)" --net \
        python3 "$box/stories/bad-server.py" "${outside_address%/*}" 8081 </dev/null >>"$run/logs/bad-web.log" 2>&1
}

# The one that stalls is asked five times, a minute each: the last tale looks at it.
it_fails_what_a_broken_server_does_not_send() {
    "$box/up" "$run"
    await_answer first
    wait_for 60 workers_are 1
    serve_badly
    register stalls "http://${outside_address%/*}:8081/stalls"
    register breaks "http://${outside_address%/*}:8081/breaks"
    wait_for 60 template_failed_because breaks "the server answered 500"
    delete_templates breaks
}

it_fails_what_does_not_fit_into_a_full_store_and_goes_on_with_the_rest() {
    only_to_little
    big_image
    register big "$(at big.qcow2)"
    wait_for 120 template_failed_because big "does not fit on the store"
    wait_for 30 little_is_empty
    in_little fallocate -l 70M "$little_share/ballast"
    register full "$(at tiny.qcow2)"
    wait_for 120 template_failed_because full "is full"
    store_takes_new secondary yes
    register beside "$(at tiny.qcow2)"
    wait_for 120 template_is_ready beside
    store_takes_new secondary no
    in_little rm "$little_share/ballast"
    register freed "$(at tiny.qcow2)"
    wait_for 120 template_is_ready freed
    little_has 2
    delete_templates big full beside freed
    the_cloud_is_clean
    wait_for 150 little_is_empty
}

it_fails_what_a_read_only_store_does_not_take_and_goes_on_with_the_rest() {
    only_to_little
    register kept "$(at tiny.qcow2)"
    wait_for 120 template_is_ready kept
    little_share_is RO
    register unwritten "$(at tiny.qcow2)"
    wait_for 120 template_failed_because unwritten "Read-only file system"
    store_takes_new secondary yes
    register beside "$(at tiny.qcow2)"
    wait_for 120 template_is_ready beside
    # What is there is still read.
    TEMPLATE=$(template_field kept id) deploy reader
    await_answer reader
    strat api destroyVirtualMachine id="$(vm_field reader id)" expunge=true
    delete_templates kept unwritten beside
    little_share_is RW
    the_cloud_is_clean
    wait_for 150 little_is_empty
}

it_waits_for_a_store_that_stalls_and_nothing_else_does() {
    local began=$EPOCHREALTIME pid
    only_to_little
    register waits "$(at slow/tiny.qcow2)"
    wait_for 60 sessions_are_at_least 1
    sleep 5
    pid=$(little_pid)
    kill -STOP "$pid"
    # shellcheck disable=SC2064
    trap "kill -CONT $pid; store_takes_new secondary yes" EXIT
    store_takes_new secondary yes
    sleep 30 &
    figure "beside a store that stalls: registered in $(seconds_to_register beside)"
    wait $!
    kill -CONT "$pid"
    wait_for 180 template_is_ready waits
    figure "from a server of 400 kB/s into a store that stalled for 30 s: $(seconds_since "$began")"
    delete_templates waits
    the_cloud_is_clean
}

sessions_are_at_least() { [[ $(sessions) -ge $1 ]]; }

little_pool=/var/lib/stratiform/little
pool_id() { strat api listStoragePools name="$1" | jq -r '.storagepool[0].id // empty'; }
little_pool_is_empty() { [[ -z $(in_host 1 find "$little_pool" -type f ! -name pool) ]]; }
deployment_fails_because() {
    refuses deploy "$1" "${@:3}" >"$work/refusal" 2>&1
    grep -F "$2" "$work/refusal"
    strat api destroyVirtualMachine id="$(vm_field "$1" id)" expunge=true
}

it_fails_what_does_not_fit_onto_a_full_pool_and_goes_on_with_the_rest() {
    local OFFERING
    in_host 1 mkdir -p "$little_pool"
    in_host 1 mountpoint -q "$little_pool" || in_host 1 mount -t tmpfs -o size=128m little "$little_pool"
    strat api createStoragePool zoneid="$(zone)" podid="$(cat "$run/data/seeded/pod")" clusterid="$(cat "$run/data/seeded/cluster")" scope=cluster \
        name=little url="SharedMountPoint://localhost$little_pool" tags=little
    OFFERING=$(strat api createServiceOffering name=little displaytext=little cpunumber=1 cpuspeed=500 memory=128 tags=little | jq -r .serviceoffering.id)
    setting storage.overprovisioning.factor 10
    big_image
    register big "$(at big.qcow2)"
    wait_for 180 template_is_ready big
    # More than is promised, and what is promised and not there.
    deployment_fails_because much "storage" rootdisksize=10
    TEMPLATE=$(template_field big id) deployment_fails_because big "does not fit on the pool"
    wait_for 30 little_pool_is_empty
    in_host 1 fallocate -l 100M "$little_pool/ballast"
    deployment_fails_because full "is full"
    in_host 1 rm "$little_pool/ballast"
    wait_for 30 little_pool_is_empty
    deploy fits
    await_answer fits
    [[ -n $(in_host 1 find "$little_pool/volumes" -type f) ]]
    strat api destroyVirtualMachine id="$(vm_field fits id)" expunge=true
    delete_templates big
    strat api resetConfiguration name=storage.overprovisioning.factor
    strat api deleteServiceOffering id="$OFFERING"
    strat api deleteStoragePool id="$(pool_id little)"
    the_cloud_is_clean
    little_pool_is_empty
    in_host 1 umount "$little_pool"
}

# A disc that the tiny guest boots from and then needs no more: all of it is in memory. The BIOS takes it for a hard disk and knows where
# on it things are from where its partition ends, which must be the end of a cylinder (255 heads of 63 sectors).
live_disc() {
    local disk=$work/disc files=$work/disc-root start=2048 sectors=$((5 * 255 * 63))
    mkdir -p "$files"
    qemu-img convert -O raw "$run/images/tiny/tiny.qcow2" "$disk.tiny"
    MTOOLS_SKIP_CHECK=1 mcopy -n -i "$disk.tiny@@1M" ::/vmlinuz "$disk.vmlinuz"
    dd if="$disk.tiny" of="$disk.ext4" bs=1M skip=21 conv=sparse status=none
    debugfs -R "rdump / $files" "$disk.ext4"
    # As the initrd of the image does: the rest is found by what hangs on these.
    printf '#!/bin/sh\n/usr/sbin/modprobe -a virtio_pci virtio_blk\nexec /sbin/init\n' >"$files/init"
    chmod +x "$files/init"
    (cd "$files" && find . -print0 | cpio --null --create --format=newc --quiet | zstd -q -19 >"$disk.initrd")
    printf 'DEFAULT disc\nPROMPT 0\nLABEL disc\n    LINUX vmlinuz\n    APPEND initrd=initrd console=ttyS0 quiet panic=10 came.from=disc\n' >"$disk.cfg"
    truncate -s $(((sectors - start) * 512)) "$disk.fat"
    mkfs.vfat -h $start -g 255/63 "$disk.fat" >/dev/null
    MTOOLS_SKIP_CHECK=1 mcopy -i "$disk.fat" "$disk.vmlinuz" ::/vmlinuz
    MTOOLS_SKIP_CHECK=1 mcopy -i "$disk.fat" "$disk.initrd" ::/initrd
    MTOOLS_SKIP_CHECK=1 mcopy -i "$disk.fat" "$disk.cfg" ::/syslinux.cfg
    syslinux --install "$disk.fat"
    truncate -s $((sectors * 512)) "$disk.disk"
    echo "start=$start, type=c, bootable" | sfdisk -q --label dos "$disk.disk"
    dd if=/usr/lib/syslinux/mbr/mbr.bin of="$disk.disk" bs=440 count=1 conv=notrunc status=none
    dd if="$disk.fat" of="$disk.disk" bs=1M seek=1 conv=notrunc,sparse status=none
    python3 "$box/stories/disc.py" "$1" "$disk.disk" "read from the disc"
    gzip -1 <"$disk.tiny" >"$run/outside/tiny.raw.gz"
    rm -rf "$disk".* "$files"
}

iso_is_ready() { [[ $(iso_field "$1" isready) == true ]]; }
# Each system has host keys of its own: the first word is whose it is.
came_from_disc() { VM_ID=$1 on installed grep -o came.from=disc /proc/cmdline; }
came_from_disk() { VM_ID=disk on installed grep -v came.from=disc /proc/cmdline; }
is_installed() { VM_ID=disc on installed test -e /tmp/installed; }
# What it can read in its drive.
disc_in_drive() { VM_ID=$1 on installed 'modprobe sr_mod; modprobe isofs; mount -t iso9660 -o ro /dev/sr0 /mnt && cat /mnt/note.txt; umount /mnt'; }
# Its kernel takes a moment to see another disc.
reads_the_disc() { [[ $(disc_in_drive "$1") == "read from the disc" ]]; }

it_boots_a_guest_from_an_iso_and_installs_it() {
    local custom small
    [[ -s $run/outside/live.iso ]] || live_disc "$run/outside/live.iso"
    strat api registerIso zoneid="$(zone)" name=live displaytext=live url="$(at live.iso)" bootable=true
    wait_for 120 iso_is_ready live
    custom=$(cat "$run/data/seeded/disk-custom") small=$(cat "$run/data/seeded/offering-small")
    TEMPLATE=$(iso_field live id) OFFERING=$small deploy installed diskofferingid="$custom" size=1 hypervisor=KVM
    wait_for 300 came_from_disc disc
    wait_for 20 reads_the_disc disc
    # Nothing is on its own disk, until it writes that.
    VM_ID=disc on installed "[ ! -e /dev/vda1 ] && (busybox wget -q -O- $(at tiny.raw.gz) | gunzip >/dev/vda && sync && touch /tmp/installed) >/dev/null 2>&1 &"
    wait_for 180 is_installed
    strat api detachIso virtualmachineid="$(vm_field installed id)" forced=true
    strat api stopVirtualMachine id="$(vm_field installed id)" forced=true
    strat api startVirtualMachine id="$(vm_field installed id)"
    wait_for 120 came_from_disk
}

it_puts_an_iso_into_a_running_and_a_stopped_guest() {
    local vm
    vm=$(vm_field installed id)
    refuses disc_in_drive disk
    strat api attachIso id="$(iso_field live id)" virtualmachineid="$vm"
    [[ $(vm_field installed isoname) == live ]]
    wait_for 20 reads_the_disc disk
    refuses strat api deleteIso id="$(iso_field live id)"
    strat api detachIso virtualmachineid="$vm"
    refuses disc_in_drive disk
    strat api stopVirtualMachine id="$vm" forced=true
    strat api attachIso id="$(iso_field live id)" virtualmachineid="$vm"
    strat api startVirtualMachine id="$vm"
    wait_for 300 came_from_disc again
    strat api destroyVirtualMachine id="$vm" expunge=true
    strat api deleteIso id="$(iso_field live id)"
    the_cloud_is_clean
}

it_gives_up_on_a_server_that_stalls_and_leaves_nothing() {
    wait_for 360 template_failed_because stalls "the server sent less than"
    delete_templates stalls
    if [[ -n $(store_id little) ]]; then strat api deleteImageStore id="$(store_id little)"; fi
    the_cloud_is_clean
    wait_for 150 store_has_only_tiny
}
