# How the chosen files of the system VM become an image. Sourced by build.
# shellcheck shell=bash disable=SC2154

pack() {
    # What the daemons may write, and the tree a role applies into.
    mkdir -p "$root"/var/lib/{haproxy,misc}
    install -d -m 755 "$root/var/lib/stratiform"
    # What the scripts of ca-certificates would have done.
    mkdir -p "$root/etc/ssl/certs"
    cat "$packages"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
    cp "$packages/boot/vmlinuz-$version" "$out/vmlinuz"
    build_initrd "$packages" "$here/system-vm/initrd-init" "$out/initrd" "${early[@]}"
    # Unpacked faster than any other, which a boot and the first start of a daemon wait for.
    mksquashfs "$root" "$out/root.squashfs" -comp lz4 -Xhc -b 256K -all-root \
        -no-progress -quiet -no-xattrs >/dev/null
    chmod 644 "$out"/*
    write_about "$name" "$version" "$out" vmlinuz initrd root.squashfs
}
