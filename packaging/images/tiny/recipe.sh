# How the chosen files of the tiny guest become a bootable disk. Sourced by build.
# shellcheck shell=bash

pack() {
    local disk=$build/disk boot=$build/boot.fat system=$build/system.ext4
    # In sectors of 512 bytes: a gap for the boot record's alignment, the loader's partition, the rest.
    local boot_start=2048 boot_size=40960 total=524288
    local root_start=$((boot_start + boot_size))

    build_initrd "$packages" "$here/tiny/initrd-init" "$build/initrd" "${early[@]}"
    ln -s dbclient "$root/usr/bin/ssh"
    install -d -m 700 "$root/etc/dropbear" "$root/root/.ssh"
    install -d "$root/var/lib/tiny"
    chmod 600 "$root/etc/shadow"
    find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

    truncate -s $((boot_size * 512)) "$boot"
    mkfs.vfat -n BOOT -i 5354524d -h $boot_start --invariant "$boot" >/dev/null
    MTOOLS_SKIP_CHECK=1 mcopy -i "$boot" "$packages/boot/vmlinuz-$version" ::/vmlinuz
    MTOOLS_SKIP_CHECK=1 mcopy -i "$boot" "$build/initrd" ::/initrd
    MTOOLS_SKIP_CHECK=1 mcopy -i "$boot" "$here/tiny/syslinux.cfg" ::/syslinux.cfg
    syslinux --install "$boot"

    truncate -s $(((total - root_start) * 512)) "$system"
    E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH mke2fs -q -t ext4 -b 4096 -i 8192 -m 0 -J size=4 -L tiny \
        -U 74696e79-0000-4000-8000-000000000000 -E root_owner=0:0,hash_seed=74696e79-0000-4000-8000-000000000001,lazy_itable_init=0 \
        -d "$root" "$system"

    truncate -s $((total * 512)) "$disk"
    sfdisk -q "$disk" <<TABLE
label: dos
label-id: 0x74696e79
start=$boot_start, size=$boot_size, type=c, bootable
start=$root_start, size=$((total - root_start)), type=83
TABLE
    dd if=/usr/lib/syslinux/mbr/mbr.bin of="$disk" bs=440 count=1 conv=notrunc status=none
    dd if="$boot" of="$disk" bs=512 seek=$boot_start conv=notrunc,sparse status=none
    dd if="$system" of="$disk" bs=1M seek=$((root_start / 2048)) conv=notrunc,sparse status=none
    qemu-img convert -c -O qcow2 "$disk" "$out/tiny.qcow2"
    write_about tiny "$version" "$out" tiny.qcow2
}
