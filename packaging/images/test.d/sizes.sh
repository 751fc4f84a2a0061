# In how little memory a router serves, how long each takes to boot, and what is left of it. Sourced by bash.
# shellcheck shell=bash disable=SC2154,SC2016

# For docs/guides/router-size.md and RouterSize.cs. The first is the least that offerings may have.
run_size_stories() {
    local sizes=(128 256 512)
    [[ $system_vm_image != *-i386 ]] || sizes=(64 96 128 256 512 1024 2048 4096)
    [[ -z ${SIZES-} ]] || read -ra sizes <<<"$SIZES"
    system_vm=$("$here/ensure" "$system_vm_image") || exit
    for memory in "${sizes[@]}"; do router_serves_in_its_memory; done
}

router_serves_in_its_memory() {
    boot_router
    figure "router of $memory MiB: its agent started $(router_sh 'for p in /proc/[0-9]*; do awk "\$2 == \"(qemu-ga)\" { print \$22 / 100 }" $p/stat 2>/dev/null; done' | head -1) s after the kernel; $(left)"
    apply 1 "$here/test.d/router"
    applied "a router of $memory MiB takes a configuration" 1
    figure "router of $memory MiB: $(left) when it is configured"
    kill_vm router
}

# The kernel's own memory is less than all of it on 32 bits alone.
left() {
    router_sh 'awk "/^(MemTotal|MemAvailable|LowTotal|LowFree):/ { printf \"%s%s %d KiB\", said++ ? \", \" : \"\", \$1, \$2 }" /proc/meminfo'
}
