# What build, hash and ensure share. Sourced by bash; needs $here (this folder).
# shellcheck shell=bash

suite=bookworm
export LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=1735689600
cache=${STRATIFORM_IMAGE_CACHE:-/var/cache/stratiform/images}

say() { echo "images: $*" >&2; }

die() {
    say "$*"
    exit 1
}

# One argument that names an image, or the usage.
image_name() {
    [[ $# -ge 1 && $1 != common && -f $here/$(recipe_of "$1")/recipe.sh ]] || die "no such image '${1-}': one of system-vm, system-vm-i386, tiny, debian"
    echo "$1"
}

# An image is called after its recipe and, unless it has 64 bits, its architecture.
recipe_of() { echo "${1%-i386}"; }
arch_of() { if [[ $1 == *-i386 ]]; then echo i386; else echo amd64; fi; }

# The lines of list files without comments and blank lines; those that end in "[ARCHITECTURE]" are of that one alone.
list() { sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' -e "s/ \\[$arch\\]\$//" -e '/ \[[a-z0-9]*\]$/d' "$@"; }

# A hash of everything that decides what the image NAME contains, except the package versions.
content_hash() {
    local name=$1
    (
        cd "$here" || exit
        echo "$suite $(arch_of "$name")"
        find build lib.sh common "$(recipe_of "$name")" \( -type f -o -type l \) -print0 | sort -z |
            while IFS= read -r -d '' f; do
                if [[ -L $f ]]; then echo "link $(readlink "$f") $f"; else
                    echo "$(stat -c %a "$f" | cut -c1) $(sha256sum "$f")"
                fi
            done
    ) | sha256sum | cut -c1-16
}

# Installs those Debian packages of the list that this machine lacks.
install_tools() {
    local missing=() p
    for p in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null) == installed ]] || missing+=("$p")
    done
    [[ ${#missing[@]} -eq 0 ]] && return
    say "installing ${missing[*]}"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" </dev/null
}

# The machine's own description of where Debian packages come from.
apt_sources() {
    local f
    for f in ${STRATIFORM_APT_SOURCES-} /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
        [[ -s $f ]] && { echo "$f"; return; }
    done
    die "no Debian package source found; set STRATIFORM_APT_SOURCES to a sources file"
}

# Whether what a file of sources names is there for the architecture, and holds together.
are_whole() {
    local into status=0
    into=$(mktemp -d "$build/look.XXXX")
    mmdebstrap --variant=extract --mode=root --architectures="$arch" --quiet --simulate --include=base-files $suite "$into" "$1" >/dev/null || status=$?
    rm -rf "$into"
    return $status
}

without_security() {
    sed -E -e '/^deb .*-security/d' -e '/^Suites:/s/ [a-z]+-security//g' "$1" | awk -v RS= -v ORS='\n\n' '!/(^|\n)Suites:[ \t]*(\n|$)/'
}

# Chooses the package sources, in $sources. Mirrors let the security archive of 32 bits fall out of step for days: an image without it is
# better than none where somebody asks for one, and says what it is. Tells in $secured.
choose_sources() {
    local pause
    sources=$(apt_sources) secured=true
    [[ $arch != amd64 ]] || return 0
    for pause in 0 20; do
        sleep $pause
        if are_whole "$sources"; then return; fi
    done
    say "$name: Debian's packages for $arch are not whole; trying without its security archive"
    without_security "$sources" >"$build/without-security.sources"
    sources=$build/without-security.sources secured=false
}

# Unpacks packages and what they depend on, without running any of their scripts: extract_packages FOLDER PACKAGE...
extract_packages() {
    bootstrap extract "$@" --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr
}

# A tree of Debian packages: bootstrap VARIANT FOLDER PACKAGE... [--OPTION...]
bootstrap() {
    local variant=$1 into=$2 debs=$cache/debs include=() options=() word
    shift 2
    for word in "$@"; do if [[ $word == --* ]]; then options+=("$word"); else include+=("$word"); fi; done
    mkdir -p "$debs"
    # The archives are linked both ways, so that no package is fetched twice, and never removed while in use.
    mmdebstrap --variant="$variant" --mode=root --architectures="$arch" --quiet "${options[@]}" \
        --skip=download/empty,essential/unlink \
        --setup-hook="mkdir -p \"\$1\"/var/cache/apt/archives; cp -n '$debs'/*.deb \"\$1\"/var/cache/apt/archives/ 2>/dev/null || :" \
        --extract-hook="cp -n \"\$1\"/var/cache/apt/archives/*.deb '$debs'/" \
        --include="$(IFS=,; echo "${include[*]}")" $suite "$into" "$sources"
}

kernel_version() { basename "$1"/lib/modules/*; }

# The shared libraries that programs of a tree load, found by that tree's own loader.
libraries_of() {
    local from=$1 loader=/lib64/ld-linux-x86-64.so.2
    shift
    [[ $arch == amd64 ]] || loader=/lib/ld-linux.so.2
    { chroot "$from" $loader --list "$@" 2>/dev/null || :; } | grep -o '/[^ ]*\.so[^ ]*' || :
}

# Copies what the patterns name from one tree to another, with the libraries it needs.
copy_chosen() {
    local from=$1 to=$2 pattern path
    shift 2
    local chosen=()
    for pattern in "$@"; do
        local found=0
        for path in "$from"$pattern; do
            [[ -e $path || -L $path ]] || continue
            found=1
            while IFS= read -r -d '' f; do chosen+=("${f#"$from"}"); done < <(find "$path" ! -type d -print0)
        done
        [[ $found == 1 ]] || die "nothing matches $pattern"
    done
    local f
    printf '%s\n' "${chosen[@]}" >"$to/.files"
    for f in "${chosen[@]}"; do
        [[ $(head -c 4 "$from$f" 2>/dev/null | tr -d '\0') == $'\x7fELF' ]] && libraries_of "$from" "$f"
    done | sort -u >>"$to/.files"
    sort -u "$to/.files" | while read -r f; do
        mkdir -p "$to/$(dirname "$f")"
        cp -a --no-preserve=ownership "$from$f" "$to$f"
        if [[ -L $from$f ]]; then
            # A library's link is of no use without what it points at.
            local target
            target=$(chroot "$from" /usr/bin/readlink -f "$f")
            [[ -e $to$target ]] || { mkdir -p "$to/$(dirname "$target")"; cp -a --no-preserve=ownership "$from$target" "$to$target"; }
        fi
    done
    rm "$to/.files"
}

# The files of kernel modules and of what they need, in loading order.
module_files() {
    local from=$1 version
    shift
    version=$(kernel_version "$from")
    modprobe --dirname "$from" --set-version "$version" --show-depends --all "$@" |
        awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

copy_modules() {
    local from=$1 to=$2 version f
    shift 2
    version=$(kernel_version "$from")
    module_files "$from" "$@" | while read -r f; do
        mkdir -p "$to$(dirname "${f#"$from"}")"
        cp "$f" "$to${f#"$from"}"
    done
    cp "$from/lib/modules/$version"/modules.{builtin,builtin.modinfo,order} "$to/lib/modules/$version/"
    depmod --basedir "$to" "$version"
    rm "$to/lib/modules/$version"/modules.{builtin,builtin.modinfo,order,symbols,symbols.bin}
}

# An empty tree with the usual folders, in the merged layout the packages were extracted in.
empty_root() {
    local root=$1 d
    mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{dev,proc,sys,run,tmp,root,etc,var/lib,var/log,var/empty,mnt}
    for d in bin sbin lib lib64; do ln -s usr/$d "$root/$d"; done
    ln -s ../run "$root/var/run"
    chmod 1777 "$root/tmp"
    chmod 700 "$root/root"
}

# A link for each of busybox's commands that no real program has taken.
busybox_links() {
    local from=$1 root=$2 name
    for name in $(chroot "$from" /bin/busybox --list); do
        [[ -e $root/usr/bin/$name || -e $root/usr/sbin/$name ]] || ln -s busybox "$root/usr/bin/$name"
    done
    ln -sf ../bin/busybox "$root/usr/sbin/init"
}

# What a recipe starts from unless it says otherwise: chosen files of some packages, in $root; the packages in $packages.
compose() {
    local wanted chosen modules
    say "$name: unpacking packages"
    mapfile -t wanted < <(list "$here/common/packages" "$here/$recipe/packages")
    extract_packages "$packages" "${wanted[@]}"
    version=$(kernel_version "$packages")
    depmod --basedir "$packages" "$version"

    say "$name: choosing files"
    empty_root "$root"
    mapfile -t chosen < <(list "$here/common/files" "$here/$recipe/files")
    copy_chosen "$packages" "$root" "${chosen[@]}"
    mapfile -t modules < <(list "$here/common/modules" "$here/$recipe/modules")
    copy_modules "$packages" "$root" "${modules[@]}"
    busybox_links "$packages" "$root"
    cp -a --no-preserve=ownership "$here/common/overlay/." "$here/$recipe/overlay/." "$root/"
    mapfile -t early < <(list "$here/$recipe/initrd-modules")
}

# Packs busybox, some modules and an init script.
build_initrd() {
    local from=$1 init=$2 to=$3 work f n=100
    shift 3
    work=$(mktemp -d "$build/initrd.XXXX")
    empty_root "$work"
    copy_chosen "$from" "$work" /bin/busybox
    busybox_links "$from" "$work"
    mkdir "$work/modules"
    while read -r f; do
        n=$((n + 1))
        cp "$f" "$work/modules/$n-$(basename "$f")"
    done < <(module_files "$from" "$@")
    install -m 755 "$init" "$work/init"
    mknod -m 600 "$work/dev/console" c 5 1
    find "$work" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    (cd "$work" && find . -print0 | sort -z | cpio --null --create --format=newc --owner=0:0 --reproducible --quiet) |
        zstd -q -19 >"$to"
}

# A disk that boots by itself, as qcow2: a partition for loader, kernel and initrd, and an ext4 one with the root tree.
# pack_disk QCOW2 LABEL SECTORS BOOT_SECTORS KERNEL INITRD APPEND ROOT [mke2fs option...]
pack_disk() {
    local qcow2=$1 label=$2 total=$3 boot_size=$4 kernel=$5 initrd=$6 append=$7 root=$8
    shift 8
    # In sectors of 512 bytes, after a gap for the boot record's alignment.
    local boot_start=2048 root_start=$((2048 + boot_size))
    local disk=$build/disk boot=$build/boot.fat system=$build/system.ext4 id
    id=$(printf '%s' "$label" | sha256sum | cut -c1-8)

    truncate -s $((boot_size * 512)) "$boot"
    mkfs.vfat -n BOOT -i 5354524d -h $boot_start --invariant "$boot" >/dev/null
    printf 'DEFAULT guest\nPROMPT 0\nLABEL guest\n    LINUX vmlinuz\n    APPEND initrd=initrd %s\n' "$append" >"$build/syslinux.cfg"
    MTOOLS_SKIP_CHECK=1 mcopy -i "$boot" "$kernel" ::/vmlinuz
    MTOOLS_SKIP_CHECK=1 mcopy -i "$boot" "$initrd" ::/initrd
    MTOOLS_SKIP_CHECK=1 mcopy -i "$boot" "$build/syslinux.cfg" ::/syslinux.cfg
    syslinux --install "$boot"

    truncate -s $(((total - root_start) * 512)) "$system"
    E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH mke2fs -q -t ext4 -b 4096 -m 0 -L "$label" \
        -U "$id-0000-4000-8000-000000000000" -E "root_owner=0:0,hash_seed=$id-0000-4000-8000-000000000001,lazy_itable_init=0" \
        "$@" -d "$root" "$system"

    truncate -s $((total * 512)) "$disk"
    sfdisk -q "$disk" <<TABLE
label: dos
label-id: 0x$id
start=$boot_start, size=$boot_size, type=c, bootable
start=$root_start, size=$((total - root_start)), type=83
TABLE
    dd if=/usr/lib/syslinux/mbr/mbr.bin of="$disk" bs=440 count=1 conv=notrunc status=none
    dd if="$boot" of="$disk" bs=512 seek=$boot_start conv=notrunc,sparse status=none
    dd if="$system" of="$disk" bs=1M seek=$((root_start / 2048)) conv=notrunc,sparse status=none
    qemu-img convert -c -O qcow2 "$disk" "$qcow2"
}

# Writes about.json; the arguments are the files whose sizes it tells.
write_about() {
    local name=$1 version=$2 folder=$3 f sizes=
    shift 3
    for f in "$@"; do sizes+="${sizes:+, }\"$f\": $(stat -c %s "$folder/$f")"; done
    printf '{\n  "name": "%s",\n  "hash": "%s",\n  "suite": "%s",\n  "architecture": "%s",\n  "secured": %s,\n  "kernel": "%s",\n  "sizes": { %s }\n}\n' \
        "$name" "$(content_hash "$name")" $suite "$arch" "$secured" "$version" "$sizes" >"$folder/about.json"
}
