# A whole Debian with its own, unmodified cloud-init: a guest that others made, for tests. Sourced by build.
# shellcheck shell=bash disable=SC2154

compose() {
    local wanted
    say "debian: installing packages"
    mapfile -t wanted < <(list "$here/debian/packages")
    bootstrap minbase "$root" "${wanted[@]}"
    version=$(kernel_version "$root")
}

# What a first boot has to make for itself, and what belongs to the machine that built it.
forget_the_builder() {
    rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/etc/apt/sources.list* "$root"/etc/hostname "$root"/etc/resolv.conf
    : >"$root/etc/machine-id"
}

pack() {
    forget_the_builder
    echo "LABEL=debian / ext4 defaults,errors=remount-ro 0 1" >"$root/etc/fstab"
    pack_disk "$out/debian.qcow2" debian 5242880 163840 "$root/boot/vmlinuz-$version" "$root/boot/initrd.img-$version" \
        "root=LABEL=debian ro console=tty0 console=ttyS0 panic=10" "$root"
    write_about debian "$version" "$out" debian.qcow2
}
