# How the chosen files of the tiny guest become a bootable disk. Sourced by build.
# shellcheck shell=bash

pack() {
    build_initrd "$packages" "$here/tiny/initrd-init" "$build/initrd" "${early[@]}"
    ln -s dbclient "$root/usr/bin/ssh"
    install -d -m 700 "$root/etc/dropbear" "$root/root/.ssh"
    install -d "$root/var/lib/tiny"
    chmod 600 "$root/etc/shadow"
    find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

    pack_disk "$out/tiny.qcow2" tiny 524288 40960 "$packages/boot/vmlinuz-$version" "$build/initrd" \
        "console=tty0 console=ttyS0 quiet panic=10 memhp_default_state=online" "$root" -i 8192 -J size=4
    write_about tiny "$version" "$out" tiny.qcow2
}
