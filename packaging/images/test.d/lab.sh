# Two namespaces, two bridges and the VMs of the test. Sourced by bash.
# shellcheck shell=bash

passed=0 failures=0
memory=${STRATIFORM_TEST_MEMORY:-128}
# Of which architecture routers are: x86_64, or i386. Workers are of 64 bits whatever it says.
case ${ARCH:-x86_64} in
x86_64) system_vm_image=system-vm ;;
i386) system_vm_image=system-vm-i386 ;;
*) die "ARCH is x86_64 or i386, not $ARCH" ;;
esac

guest() { python3 "$here/test.d/guest.py" "$@"; }
inside() { ip netns exec "$inner" "$@"; }
outside() { ip netns exec "$outer" "$@"; }
now() { date +%s.%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.2f", to - from }'; }

# Seconds of processor time that a VM has cost; on a busy machine they say more than the clock.
cpu() { awk -v tick="$(getconf CLK_TCK)" '{ printf "%.2f", ($14 + $15) / tick }' "/proc/$(cat "$work/$1.pid")/stat"; }

# Starts and reads a stopwatch for both; VM is router or tiny.
start() { started=$(now) started_cpu=$(cpu "$1"); }
took() { echo "$(since "$started") s ($(awk -v from="$started_cpu" -v to="$(cpu "$1")" 'BEGIN { printf "%.2f", to - from }') s of CPU)"; }

figure() { echo "figure: $*"; }

pass() { passed=$((passed + 1)); echo "pass: $1"; }
fail() { failures=$((failures + 1)); echo "FAIL: $1: ${2-}"; }

# is DESCRIPTION EXPECTED ACTUAL
is() { if [[ $2 == "$3" ]]; then pass "$1"; else fail "$1" "expected '$2', got '$3'"; fi; }

# has DESCRIPTION PART TEXT
has() { if [[ $3 == *"$2"* ]]; then pass "$1"; else fail "$1" "no '$2' in '$3'"; fi; }

# Repeats a command until it succeeds, at most SECONDS.
within() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [[ $SECONDS -lt $end ]] || return 1
        sleep 0.2
    done
}

lab_start() {
    work=$(mktemp -d /tmp/imgtest.XXXX)
    inner=sfi$$i outer=sfi$$o far=sfi$$f lodger=sfi$$l second=sfi$$s third=sfi$$t
    ip netns add "$inner"
    ip netns add "$outer"
    inside ip link set lo up
    outside ip link set lo up
    local bridge
    for bridge in guests public aside; do
        inside ip link add $bridge type bridge
        inside ip link set $bridge up
    done
    # The test's own address among the guests, which the router knows nothing about.
    inside ip address add 10.1.1.9/24 dev guests
    # The world behind the public network: a gateway and a server that tells who asks.
    inside ip link add gateway type veth peer name uplink netns "$outer"
    inside ip link set gateway master public up
    outside ip address add 203.0.113.1/24 dev uplink
    outside ip address add 198.51.100.7/32 dev lo
    outside ip link set uplink up
    ip netns exec "$outer" python3 "$here/test.d/world.py" 198.51.100.7 80 >"$work/world.log" 2>&1 &
    world=$!
}

lab_stop() {
    local status=$? pid
    trap - EXIT
    # Not all of it was started, and what was may have ended.
    set +e
    for pid in "$work"/*.pid; do
        [[ -e $pid ]] && kill -9 "$(cat "$pid")" 2>/dev/null
    done
    kill "$world" 2>/dev/null
    wait 2>/dev/null
    ip netns del "$inner" 2>/dev/null
    ip netns del "$outer" 2>/dev/null
    ip netns del "$far" 2>/dev/null
    ip netns del "$lodger" 2>/dev/null
    ip netns del "$second" 2>/dev/null
    ip netns del "$third" 2>/dev/null
    if [[ -n ${STRATIFORM_TEST_KEEP-} ]]; then echo "logs are in $work"; else rm -rf "$work"; fi
    exit $status
}

# boot NAME NICS... -- QEMU OPTIONS; a NIC is BRIDGE=MAC.
boot() {
    local name=$1 nic n=0 options=()
    shift
    while [[ $1 != -- ]]; do
        nic=$1
        shift
        inside ip tuntap add "$name$n" mode tap 2>/dev/null || :
        inside ip link set "$name$n" master "${nic%%=*}" up
        options+=(-netdev "tap,id=n$n,ifname=$name$n,script=no,downscript=no" -device "virtio-net-pci,netdev=n$n,mac=${nic#*=}")
        n=$((n + 1))
    done
    shift
    rm -f "$work/$name".{ga,qmp,log}
    booted=$(now)
    # Spelt out, so that $! is QEMU itself.
    ip netns exec "$inner" qemu-system-x86_64 -accel tcg,tb-size=64 -m "$memory" -nodefaults -display none -vga none \
        -serial "file:$work/$name.log" -qmp "unix:$work/$name.qmp,server=on,wait=off" \
        -device virtio-serial-pci -chardev "socket,id=ga,path=$work/$name.ga,server=on,wait=off" \
        -device virtserialport,chardev=ga,name=org.qemu.guest_agent.0 -device virtio-rng-pci \
        "${options[@]}" "$@" >"$work/$name.qemu" 2>&1 &
    echo $! >"$work/$name.pid"
}

gone() { ! kill -0 "$(cat "$work/$1.pid")" 2>/dev/null; }

kill_vm() {
    kill -9 "$(cat "$work/$1.pid")"
    wait "$(cat "$work/$1.pid")" 2>/dev/null || :
    rm "$work/$1.pid"
}

# boot_router [NAME NICS...]
boot_router() {
    local folder=$system_vm name=${1-router}
    shift $(($# > 0))
    [[ $# -gt 0 ]] || set -- "guests=$guest_mac" "public=$public_mac"
    boot "$name" "$@" -- \
        -kernel "$folder/vmlinuz" -initrd "$folder/initrd" -append "console=ttyS0 quiet lockdown=confidentiality stratiform.role=router" \
        -drive "file=$folder/root.squashfs,if=none,id=root,format=raw,readonly=on" -device virtio-blk-pci,drive=root
    guest ping "$work/$name.ga" 90 >/dev/null || { fail "the router's guest agent answers" "$(tail -5 "$work/$name.log")"; exit 1; }
    figure "$name: guest agent after $(since "$booted") s ($(cpu "$name") s of CPU)"
}

boot_tiny() {
    local memory=128
    boot tiny "guests=$tiny_mac" -- "$@" \
        -drive "file=$work/tiny.qcow2,if=none,id=root" -device virtio-blk-pci,drive=root,bootindex=1
}

# The router that is spoken with, unless another is named: at=NAME router status
at=router
router() { guest exec "$work/$at.ga" /usr/lib/stratiform/router "$@" </dev/null; }
router_sh() { guest exec "$work/$at.ga" /bin/sh -c "$1" </dev/null; }
tiny_sh() { guest exec "$work/tiny.ga" /bin/sh -c "$1" </dev/null; }

# Packs the folder as a generation, as an agent does: manifest, the router's own files, guests' files by hash. "bare" as third
# argument leaves the latter out.
pack() {
    local generation=$1 folder=$2 hash path
    rm -rf "$work/packed"
    mkdir -p "$work/packed/files"
    (cd "$folder" && find . -type f -printf '%P\n' | sort | xargs sha256sum) | awk '{ print $2, $1 }' >"$work/lines"
    { echo "generation $generation $(sha256sum <"$work/lines" | cut -c1-16)"; cat "$work/lines"; } >"$work/packed/manifest"
    while read -r path hash; do
        case $path in
        metadata/* | userdata/* | passwords/*) [[ ${3-} ]] || ln -f "$folder/$path" "$work/packed/files/$hash" ;;
        *) install -D -m 644 "$folder/$path" "$work/packed/$path" ;;
        esac
    done <"$work/lines"
    # shellcheck disable=SC2046
    pack_files --mode=g+r manifest $(cd "$work/packed" && find . -type f ! -name manifest)
}

# What is in $work/packed, with these options to tar.
pack_files() { tar -C "$work/packed" -czf "$work/packed.tar.gz" "$@"; }

# What the router says to what was packed, and its exit code in $code.
apply_packed() {
    code=0
    if [[ $(stat -c %s "$work/packed.tar.gz") -lt 65536 ]]; then
        said=$(guest exec "$work/$at.ga" /usr/lib/stratiform/router apply <"$work/packed.tar.gz") || code=$?
    else
        guest put "$work/$at.ga" /run/stratiform/files.tar.gz <"$work/packed.tar.gz"
        said=$(router apply /run/stratiform/files.tar.gz) || code=$?
    fi
}

# apply GENERATION FOLDER [bare]
apply() {
    pack "$@"
    start "$at"
    apply_packed
}

# applied DESCRIPTION GENERATION
applied() {
    is "$1" 0 "$code"
    has "$1, and the status says so" "{\"generation\":$2," "$said"
}
